// npm run bench [-- --json] [--rounds N] [NAME …]: runs the rows of bench/*.bench.mjs, prints a table or JSON, and exits 1
// when a goal is missed.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measure } from './measure.mjs'

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
})

/**
 * What a bench/NAME.bench.mjs exports as default: `(directory) => Benchmark`, told an empty directory that goes away.
 *
 * @typedef {object} Row
 * @property {string} name - as the table shows it
 * @property {string[]} command - program and arguments; its exit status must be 0
 * @property {() => void} [before] - runs before each round, unmeasured
 * @property {number} [goal] - highest ratio to the first row
 * @property {number} [goalMs] - highest median, in milliseconds
 *
 * @typedef {object} Benchmark
 * @property {Row[]} rows - the first is what the others are compared with
 * @property {number} rounds - how often each runs, in turns
 * @property {object[]} [results] - instead of rows: {name, ms, ratio, goal, ok}, measured by the benchmark itself
 */

const names = readdirSync(import.meta.dirname).flatMap((file) => /^(.+)\.bench\.mjs$/.exec(file)?.[1] ?? [])
const results = []
for (const name of names.filter((name) => positionals.length === 0 || positionals.includes(name))) {
  const directory = mkdtempSync(join(tmpdir(), 'edge-bench-'))
  try {
    const { default: make } = await import(`./${name}.bench.mjs`)
    const benchmark = await make(directory)
    const rows = benchmark.results ?? measure(benchmark.rows, Number(values.rounds ?? benchmark.rounds))
    results.push(...rows.map((row) => ({ benchmark: name, ...row })))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

if (values.json) console.log(JSON.stringify({ node: process.version, results }, undefined, 2))
else
  printTable([
    ['row', 'median ms', 'ratio', 'goal', 'ok'],
    ...results.map(({ name, ms, ratio, goal, goalMs, ok }) => [
      name,
      ms.toFixed(1),
      ratio.toFixed(2),
      goalOf(goal, goalMs),
      ok === undefined ? '' : ok ? 'yes' : 'NO',
    ]),
  ])
process.exitCode = results.some(({ ok }) => ok === false) ? 1 : 0

function goalOf(goal, goalMs) {
  return [goal === undefined ? [] : `≤ ${goal}`, goalMs === undefined ? [] : `≤ ${goalMs} ms`].flat().join(', ')
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows)
    console.log(
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
}
