import type { MakeReporter } from './reporter.ts'

/** One document: `{bundle, started, devices: […], summary}`. */
export const json: MakeReporter = ({ bundle, started }) => {
  let count = 0
  return {
    begin: () => `{"bundle":${JSON.stringify(bundle)},"started":${JSON.stringify(started)},"devices":[`,
    device: (result) => `${count++ === 0 ? '' : ','}\n${JSON.stringify(result)}`,
    end: (summary) => `\n],"summary":${JSON.stringify(summary)}}\n`,
  }
}
