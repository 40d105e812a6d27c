import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { ndjson } from './ndjson.ts'
import { prometheus } from './prometheus.ts'
import type { MakeReporter } from './reporter.ts'
import { table } from './table.ts'
import { tap } from './tap.ts'

/** The reports of `edge verify`: the format's name → what writes it. The first is the default. */
export const reports = { table, json, ndjson, junit, tap, prometheus, html } satisfies Record<string, MakeReporter>

export type ReportFormat = keyof typeof reports
