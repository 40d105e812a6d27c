import { printable, printableJson, together } from '../printable.ts'
import type { MakeReporter } from './reporter.ts'

/** A line of JSON for each device. */
export const ndjson: MakeReporter = () => ({
  begin: () => printable(''),
  device: (result) => together([printableJson(result), printable('\n')]),
  end: () => printable(''),
})
