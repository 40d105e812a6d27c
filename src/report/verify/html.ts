import { printable, printableJson } from '../printable.ts'
import page from './page.html'
import type { MakeReporter } from './reporter.ts'

/** Where the data goes in page.html. */
const marker = '@@DATA@@'

/**
 * A value as JSON that stays inside its script element, whatever its strings say: what could end the element, or begin a
 * comment in it, is an escape.
 */
const embedded = (value: unknown): string =>
  printableJson(value).replaceAll(
    /[<>&]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** One page for a browser, which needs nothing else: page.html with the run's data in it, `{facts, devices: […], summary}`. */
export const html: MakeReporter = ({ bundle, started, isFleet }) => {
  const [before, after, ...more] = page.split(marker)
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`page.html does not have ${marker} once`)
  let count = 0
  return {
    begin: () => printable(`${before}{"facts":${embedded({ bundle, started, isFleet })},"devices":[`),
    device: (result) => printable(`${count++ === 0 ? '' : ','}\n${embedded(result)}`),
    end: (summary) => printable(`\n],"summary":${embedded(summary)}}${after}`),
  }
}
