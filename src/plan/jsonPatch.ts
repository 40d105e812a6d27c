import jsonPatch, { type Operation } from 'fast-json-patch'
import { type Finding, finding } from '../findings/finding.ts'
import type { PatchProblem } from '../kubernetes/patchProblem.ts'
import { pointerStep } from '../yaml/locate.ts'

/** More values than an object of Kubernetes holds: a patch that copies what it copied doubles it each time. */
const mostValues = 100_000

const countValues = (value: unknown): number => {
  let count = 0
  const waiting = [value]
  while (waiting.length > 0 && count <= mostValues) {
    count++
    const next = waiting.pop()
    if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) waiting.push(child)
  }
  return count
}

/** applyJsonPatch, for those who get it only when a spec has a patch. */
export type ApplyJsonPatch = typeof applyJsonPatch

/** What a patch made of an object. */
export interface Patched<T> {
  /** As it was when the patch is refused. */
  readonly object: T
  /** The object before the first operation and after each: what says which of them made a value. One alone when the patch is refused. */
  readonly versions: readonly T[]
  readonly findings: readonly Finding[]
}

/**
 * Applies a JSON patch (RFC 6902) of the user's to an object that edge makes.
 *
 * @param object - the object; it stays as it is
 * @param patch - the operations
 * @param name - how messages call the object
 * @param pointer - where the patch is in the spec
 * @param check - says why a result cannot be
 */
export const applyJsonPatch = <T extends object>(
  object: T,
  patch: readonly Readonly<Record<string, unknown>>[],
  name: string,
  pointer: string,
  check: (before: T, after: unknown) => PatchProblem | undefined,
): Patched<T> => {
  const refused = (problem: PatchProblem, at: string): Patched<T> => ({
    object,
    versions: [object],
    findings: [finding('patch-fails', { name, problem }, at)],
  })
  const versions: T[] = [object]
  let result = object
  for (const [index, operation] of patch.entries()) {
    const at = `${pointer}${pointerStep(index)}`
    try {
      result = jsonPatch.applyPatch(result, [operation as unknown as Operation], true, false).newDocument
    } catch (error) {
      // The library throws its own errors, and TypeErrors for paths that lead through what is not there.
      return refused({ is: 'not-applicable', text: (error as Error).message.split('\n')[0] ?? '' }, at)
    }
    if (typeof result !== 'object' || (result as object | null) === null) return refused({ is: 'nothing-left' }, at)
    if (countValues(result) > mostValues) return refused({ is: 'too-large' }, at)
    versions.push(result)
  }
  const problem = check(object, result)
  return problem === undefined ? { object: result, versions, findings: [] } : refused(problem, pointer)
}
