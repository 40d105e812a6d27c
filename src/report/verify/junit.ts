import { replaceHidden } from '../../basics/visible.ts'
import { printable } from '../printable.ts'
import type { MakeReporter } from './reporter.ts'

/** What XML 1.0 cannot hold is a question mark; the rest is escaped, and what no eye sees is a reference. */
const xml = (text: string): string =>
  replaceHidden(
    text
      .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]/gu, '?')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;'),
    (character) => `&#${character.codePointAt(0)};`,
  )

/** JUnit's XML: a suite for each device, a case for each check; nobody answering is an error, not a failure. */
export const junit: MakeReporter = ({ bundle }) => ({
  begin: () => printable(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(bundle)}">\n`),
  device: ({ host, site, seconds, checks }) => {
    const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length
    const cases = checks.map(({ model, id, seconds: took = 0, skip, verdict, failure }) => {
      const head = `<testcase classname="${xml(`${host}.${model}`)}" name="${xml(id)}" time="${took.toFixed(3)}"`
      if (skip !== undefined) return `    ${head}><skipped message="${xml(skip)}"/></testcase>\n`
      if (failure === undefined) return `    ${head}/>\n`
      const { expected, came, answered, cause, means, try: next, request } = failure
      const kind = verdict === 'unreachable' ? 'error' : 'failure'
      const text = [
        `expected: ${expected}`,
        `came: ${came}`,
        `answered: ${answered}`,
        `means: ${means}`,
        `try: ${next}`,
        `request: ${request}`,
      ].join('\n')
      return `    ${head}><${kind} type="${xml(cause)}" message="${xml(`expected ${expected}, came ${came}`)}">${xml(text)}</${kind}></testcase>\n`
    })
    return printable(
      `  <testsuite name="${xml(host)}" tests="${checks.length}" failures="${count('fail')}" errors="${count('unreachable')}" skipped="${count('skip')}" time="${seconds.toFixed(3)}">\n${site === undefined ? '' : `    <properties><property name="site" value="${xml(site)}"/></properties>\n`}${cases.join('')}  </testsuite>\n`,
    )
  },
  end: () => printable('</testsuites>\n'),
})
