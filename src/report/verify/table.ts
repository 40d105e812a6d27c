import type { CheckResult, DeviceResult, Latency } from '../../verify/result.ts'
import { columns } from '../columns.ts'
import { printable, type Printable, printableLine, styled, together } from '../printable.ts'
import type { MakeReporter } from './reporter.ts'

const words = { pass: 'good', fail: 'FAILED', unreachable: 'NO ANSWER', skip: 'not asked' } as const

/** For people: every check of one device; of a fleet, the devices that are not good, and a summary by site and cause. */
export const table: MakeReporter = ({ isFleet, colour }) => {
  const paint = (verdict: CheckResult['verdict']): Printable => {
    const word = printable(words[verdict])
    return !colour || verdict === 'skip' ? word : styled(verdict === 'pass' ? 'green' : 'red', word)
  }
  const one = ({ checks }: DeviceResult): Printable => {
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
      const at = verdict === undefined ? -1 : line.indexOf(words[verdict])
      return verdict === undefined || at === -1
        ? printable(line)
        : together([printable(line.slice(0, at)), paint(verdict), printable(line.slice(at + words[verdict].length))])
    })
    return together([together(painted, '\n'), ...checks.map(detail)])
  }
  return {
    begin: () => printable(''),
    device: (result) => {
      if (!isFleet) return one(result)
      if (result.verdict === 'pass') return printable('')
      const bad = result.checks.flatMap(({ model, id, failure }) =>
        failure === undefined ? [] : [`${model} ${id}: ${failure.cause}`],
      )
      return together([
        printableLine(`${result.host}${result.site === undefined ? '' : ` (${result.site})`}: `),
        paint(result.verdict),
        printableLine(`: ${bad.join(', ')}`),
        printable('\n'),
      ])
    },
    end: ({ devices, sites, causes, left }) => {
      if (!isFleet) return printable('')
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
      return printable(
        `\n${bySite}${byCause}\n${devices.pass + devices.fail + devices.unreachable} ${devices.pass + devices.fail + devices.unreachable === 1 ? 'device' : 'devices'}: ${devices.pass} good, ${devices.fail} failed, ${devices.unreachable} did not answer${left === 0 ? '' : `; ${left} not asked`}\n`,
      )
    },
  }
}

const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`
const percentiles = ({ p50, p95, p99, max }: Latency): string[] => [p50, p95, p99, max].map(milliseconds)

const detail = ({ model, id, failure, skip }: CheckResult): Printable => {
  if (skip !== undefined || failure === undefined) return printable('')
  const { expected, came, answered, cause, means, try: next, request } = failure
  return printable(
    `\n${model} ${id}: ${means} [${cause}]\n  expected: ${expected}\n  came:     ${came.replaceAll('\n', '\n            ')}\n  answered: ${answered}\n  request:  ${request}\n  try:      ${next}\n`,
  )
}
