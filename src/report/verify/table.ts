import { styleText } from 'node:util'
import type { CheckResult, DeviceResult, Latency } from '../../verify/result.ts'
import { columns } from '../columns.ts'
import { printable } from '../printable.ts'
import type { MakeReporter } from './reporter.ts'

const words = { pass: 'good', fail: 'FAILED', unreachable: 'NO ANSWER', skip: 'not asked' } as const

/** For people: every check of one device; of a fleet, the devices that are not good, and a summary by site and cause. */
export const table: MakeReporter = ({ isFleet, colour }) => {
  const paint = (verdict: CheckResult['verdict'], text: string): string =>
    !colour || verdict === 'skip'
      ? text
      : styleText(verdict === 'pass' ? 'green' : 'red', text, { validateStream: false })
  const one = ({ checks }: DeviceResult): string => {
    const hasSoak = checks.some(({ soak }) => soak !== undefined)
    const rows = checks.map(({ model, id, verdict, seconds, soak }) => [
      model,
      id,
      words[verdict],
      seconds === undefined ? '' : milliseconds(seconds),
      ...(soak === undefined ? [] : [String(soak.rounds), String(soak.failures), ...percentiles(soak.latency)]),
    ])
    const text = columns([
      ['MODEL', 'CHECK', 'RESULT', 'TOOK', ...(hasSoak ? ['ROUNDS', 'FAILED', 'P50', 'P95', 'P99', 'MAX'] : [])],
      ...rows,
    ])
    const painted = text.split('\n').map((line, index) => {
      const verdict = checks[index - 1]?.verdict
      return verdict === undefined ? line : line.replace(words[verdict], (word) => paint(verdict, word))
    })
    return `${painted.join('\n')}${checks.map((check) => detail(check)).join('')}`
  }
  return {
    begin: () => '',
    device: (result) => {
      if (!isFleet) return one(result)
      if (result.verdict === 'pass') return ''
      const bad = result.checks.flatMap(({ model, id, failure }) =>
        failure === undefined ? [] : [`${model} ${id}: ${failure.cause}`],
      )
      return `${printable(`${result.host}${result.site === undefined ? '' : ` (${result.site})`}`)}: ${paint(result.verdict, words[result.verdict])}: ${printable(bad.join(', '))}\n`
    },
    end: ({ devices, sites, causes, left }) => {
      if (!isFleet) return ''
      const bySite = columns([
        ['SITE', 'GOOD', 'FAILED', 'NO ANSWER'],
        ...Object.entries(sites).map(([site, { pass, fail, unreachable }]) => [
          site === '' ? '-' : site,
          String(pass),
          String(fail),
          String(unreachable),
        ]),
      ])
      const byCause =
        Object.keys(causes).length === 0
          ? ''
          : `\n${columns([['CAUSE', 'DEVICES'], ...Object.entries(causes).map(([cause, count]) => [cause, String(count)])])}`
      return `\n${bySite}${byCause}\n${devices.pass + devices.fail + devices.unreachable} ${devices.pass + devices.fail + devices.unreachable === 1 ? 'device' : 'devices'}: ${devices.pass} good, ${devices.fail} failed, ${devices.unreachable} did not answer${left === 0 ? '' : `; ${left} not asked`}\n`
    },
  }
}

const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`
const percentiles = ({ p50, p95, p99, max }: Latency): string[] => [p50, p95, p99, max].map(milliseconds)

const detail = ({ model, id, failure, skip }: CheckResult): string => {
  if (skip !== undefined) return ''
  if (failure === undefined) return ''
  const { expected, came, answered, cause, means, try: next, request } = failure
  return printable(
    `\n${model} ${id}: ${means} [${cause}]\n  expected: ${expected}\n  came:     ${came.replaceAll('\n', '\n            ')}\n  answered: ${answered}\n  request:  ${request}\n  try:      ${next}\n`,
  )
}
