import { printable, printableJson } from '../printable.ts'
import type { MakeReporter } from './reporter.ts'

/** A text of a stranger's on one line. */
const plain = (text: string): string => printable(text).replaceAll('\n', ' ')

/** TAP 13, as verify.sh prints it; of a fleet each line names its device. */
export const tap: MakeReporter = ({ isFleet }) => {
  let number = 0
  return {
    begin: () => printable('TAP version 13\n'),
    device: ({ host, checks }) =>
      printable(
        checks
          .map(({ model, id, verdict, seconds = 0, skip, failure }) => {
            const name = plain(`${++number} - ${isFleet ? `${host} ` : ''}${model} ${id}`)
            if (skip !== undefined) return `ok ${name} # SKIP ${plain(skip)}\n`
            if (verdict === 'pass' || failure === undefined) return `ok ${name} (${seconds.toFixed(2)} s)\n`
            const { expected, came, answered, cause, means, try: next, request } = failure
            return `not ok ${name}\n  ---\n${Object.entries({
              expected,
              came,
              answered,
              cause,
              means,
              try: next,
              request,
            })
              .map(([key, value]) => `  ${key}: ${printableJson(value)}\n`)
              .join('')}  ...\n`
          })
          .join(''),
      ),
    end: () => printable(`1..${number}\n`),
  }
}
