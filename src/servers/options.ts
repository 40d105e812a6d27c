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
