import { printable } from '../printable.ts'
import type { MakeReporter } from './reporter.ts'

const label = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`

/**
 * Prometheus' text format, for the textfile collector: a series for each check, 1 for good, and what all of them took. Series
 * of a name stand together, so durations come as summaries over all devices.
 */
export const prometheus: MakeReporter = ({ bundle, started }) => ({
  begin: () =>
    printable(
      '# HELP edge_check_good Whether a check of a model was good (1) or not (0).\n# TYPE edge_check_good gauge\n',
    ),
  device: ({ host, site = '', checks }) =>
    printable(
      checks
        .filter(({ verdict }) => verdict !== 'skip')
        .map(
          ({ model, id, verdict, failure }) =>
            `edge_check_good{bundle=${label(bundle)},host=${label(host)},site=${label(site)},model=${label(model)},check=${label(id)},cause=${label(failure?.cause ?? '')}} ${verdict === 'pass' ? 1 : 0}\n`,
        )
        .join(''),
    ),
  end: ({ devices, checks, left }) => {
    const durations = Object.entries(checks).flatMap(([name, { count, sum, latency }]) => {
      const [model = '', check = ''] = name.split(' ')
      const labels = `bundle=${label(bundle)},model=${label(model)},check=${label(check)}`
      return [
        ...(['p50', 'p95', 'p99'] as const).map(
          (key) => `edge_check_seconds{${labels},quantile="0.${key.slice(1)}"} ${latency[key]}\n`,
        ),
        `edge_check_seconds_sum{${labels}} ${sum}\n`,
        `edge_check_seconds_count{${labels}} ${count}\n`,
      ]
    })
    return printable(
      [
        '# HELP edge_check_seconds How long good answers took.\n# TYPE edge_check_seconds summary\n',
        ...durations,
        '# HELP edge_devices Devices by what they came to.\n# TYPE edge_devices gauge\n',
        ...Object.entries({ ...devices, left }).map(
          ([verdict, count]) => `edge_devices{bundle=${label(bundle)},verdict="${verdict}"} ${count}\n`,
        ),
        '# HELP edge_run_started_seconds When the run began.\n# TYPE edge_run_started_seconds gauge\n',
        `edge_run_started_seconds{bundle=${label(bundle)}} ${Date.parse(started) / 1000}\n`,
      ].join(''),
    )
  },
})
