import { CommandError } from '../../src/errors.ts'
import { hasHidden } from '../../src/basics/visible.ts'

type Seeds = readonly (string | Uint8Array)[]

/** What an input is given to. */
export interface Target {
  readonly name: string
  /** Inputs to begin with, beside the files of test/fuzz/seeds/NAME. */
  readonly seeds: () => Seeds | Promise<Seeds>
  /** Gives what users would be shown. */
  readonly run: (input: Buffer) => readonly string[] | Promise<readonly string[]>
}

/**
 * Gives an input to a target.
 *
 * @returns what is wrong with what came of it; undefined when nothing is: an error that ends a command in its own words is nothing
 */
export const problemOf = async ({ run }: Target, input: Buffer): Promise<string | undefined> => {
  try {
    const shown = await run(input)
    const raw = shown.flatMap((text) => text.split('\n')).find(hasHidden)
    return raw === undefined ? undefined : `shows what no eye sees: ${JSON.stringify(raw.slice(0, 300))}`
  } catch (error) {
    if (error instanceof CommandError) return undefined
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}
