/**
 * The value of a command-line option, in either way of writing it; the last one counts.
 *
 * @param words - `--name=value`, or `--name` and `value`
 * @param names - the ways to write its name
 */
export const optionValue = (words: readonly string[], names: readonly string[]): string | undefined =>
  words.reduce<string | undefined>((found, word, index) => {
    const name = names.find((one) => word === one || word.startsWith(`${one}=`))
    return name === undefined ? found : word === name ? words[index + 1] : word.slice(name.length + 1)
  }, undefined)

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
