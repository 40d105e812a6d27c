import { optionValue } from './options.ts'

/**
 * The product of options that are counts, each 1 where it is not given: how many devices parallelism takes.
 *
 * @param options - of each option, the ways to write its name
 * @returns undefined where one is no number (a template that KServe fills in)
 */
export const productOf = (words: readonly string[], options: readonly (readonly string[])[]): number | undefined => {
  const sizes = options.map((names) => Number(optionValue(words, names) ?? 1))
  return sizes.every((size) => Number.isInteger(size) && size > 0)
    ? sizes.reduce((product, size) => product * size, 1)
    : undefined
}

/**
 * Size of /dev/shm for processes that speak to each other through it, as NCCL's do on one node, as a quantity: 2Gi, and a
 * gibibyte for each device beyond two. Source: facts/modelcars.md, accelerators.
 *
 * @param tensorParallel - the ways to write the option with the number of devices
 * @returns undefined where there is one process
 */
export const sharedMemoryOf = (words: readonly string[], tensorParallel: readonly string[]): string | undefined => {
  const devices = Number(optionValue(words, tensorParallel))
  return devices > 1 ? `${Math.max(2, devices)}Gi` : undefined
}
