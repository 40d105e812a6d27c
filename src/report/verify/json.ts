import { printable, printableJson } from '../printable.ts'
import type { MakeReporter } from './reporter.ts'

/** One document: `{bundle, started, devices: […], summary}`. */
export const json: MakeReporter = ({ bundle, started }) => {
  let count = 0
  return {
    begin: () => printable(`{"bundle":${printableJson(bundle)},"started":${printableJson(started)},"devices":[`),
    device: (result) => printable(`${count++ === 0 ? '' : ','}\n${printableJson(result)}`),
    end: (summary) => printable(`\n],"summary":${printableJson(summary)}}\n`),
  }
}
