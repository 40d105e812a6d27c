import { distance } from 'fastest-levenshtein'

/**
 * The names that a misspelt one may have meant, nearest first, three at most: those within a third of its length, and
 * those that hold it or that it holds.
 *
 * @param name - what was written
 * @param known - what could have been meant
 */
export const nearNames = (name: string, known: Iterable<string>): string[] => {
  // A name of 100 kB has no near names, and Levenshtein is quadratic.
  if (name.length > 200) return []
  const lower = name.toLowerCase()
  return [...known]
    .map((candidate) => ({ candidate, far: farness(lower, candidate.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, Math.ceil(name.length / 3)))
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

const farness = (name: string, candidate: string): number => {
  if (candidate.length > 2 && name.length > 2 && (candidate.includes(name) || name.includes(candidate))) return 1
  // Same parts in another number, vllm-image for vllm-cuda-image: near, however many letters differ.
  const parts = name.split(/[-_.]/)
  if (parts.length > 1 && parts.every((part) => candidate.split(/[-_.]/).includes(part))) return 1
  return distance(name, candidate)
}

/** "did you mean a, b or c?", or undefined when nothing is near. */
export const didYouMean = (name: string, known: Iterable<string>): string | undefined => {
  const near = nearNames(name, known)
  return near.length === 0 ? undefined : `did you mean ${orList(near)}?`
}

/** a, b or c */
export const orList = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
