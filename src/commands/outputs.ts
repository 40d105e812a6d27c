import { InputError } from '../errors.ts'
import type { Printable } from '../report/printable.ts'
import { writeStdout } from '../report/stdout.ts'

/** A format and where it goes; standard output without a path. */
export interface Output<F extends string> {
  readonly format: F
  readonly path?: string
}

/** `--format NAME` and `--output PATH` as they stand on the command line. */
export type OutputOption = { readonly format: string } | { readonly output: string }

/**
 * Pairs formats with outputs: each `--output` belongs to the `--format` before it; without one, to the default.
 *
 * @param given - the options in their order
 * @param first - the default format
 */
export const pairOutputs = <F extends string>(given: readonly OutputOption[], first: F): Output<F>[] => {
  const pairs: { format: F; path?: string }[] = []
  for (const option of given) {
    const last = pairs.at(-1)
    if ('format' in option) pairs.push({ format: option.format as F })
    else if (last === undefined) pairs.push({ format: first, path: option.output })
    else if (last.path === undefined) last.path = option.output
    else
      throw new InputError(`--format ${last.format} has two outputs: ${last.path} and ${option.output}`, {
        help: 'each --output belongs to the --format before it',
      })
  }
  const paths = pairs.flatMap(({ path }) => path ?? [])
  const twice = paths.find((path, index) => path !== '-' && paths.indexOf(path) !== index)
  if (twice !== undefined)
    throw new InputError(`two formats go to one file, ${twice}`, { help: 'give each --format an --output of its own' })
  return pairs.length === 0 ? [{ format: first }] : pairs
}

/**
 * Writes each format to its place.
 *
 * @param outputs - formats with places
 * @param reporters - what makes the text of a format; told whether it goes to a terminal that shows colours
 */
export const writeOutputs = async <F extends string>(
  outputs: readonly Output<F>[],
  reporters: Readonly<Record<F, (colour: boolean) => Printable>>,
  colour: boolean,
): Promise<void> => {
  for (const { format, path } of outputs) {
    if (path === undefined || path === '-') writeStdout(reporters[format](colour))
    else await replace(path, reporters[format](false))
  }
}

/** What replaces files is loaded for one. */
const replace = async (path: string, text: string): Promise<void> =>
  (await import('../basics/system/replaceFile.ts')).replaceFile(path, text)
