import type { MakeReporter } from './reporter.ts'

/** A line of JSON for each device. */
export const ndjson: MakeReporter = () => ({
  begin: () => '',
  device: (result) => `${JSON.stringify(result)}\n`,
  end: () => '',
})
