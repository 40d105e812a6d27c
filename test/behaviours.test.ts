import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readProbes } from '../src/bundle/probes.ts'
import { modelsOf } from '../src/probes/document.ts'
import { behaving } from '../src/rehearse/behaviours.ts'
import { fakeOf } from '../src/rehearse/serve.ts'
import { routerPage, unavailable } from '../src/servers/fake.ts'
import { askModel, type Asking } from '../src/verify/askModel.ts'
import type { Answer } from '../src/verify/judge.ts'
import type { CheckResult } from '../src/verify/result.ts'
import { type Row, rows } from './behaviours/rows.ts'
import { edge } from './tools/edge.ts'
import { projectRoot } from './tools/root.ts'

// The rows whose meaning needs no network: the sequence of questions against the fake itself. What each answer is worth is the
// same in verify.sh by judge.test.ts; what is between the two is asked over a real one in e2e/.

const directory = mkdtempSync(join(tmpdir(), 'edge-behaviours-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const out = join(directory, 'out')
const generated = edge([
  'generate',
  '-f',
  join(projectRoot, 'test/behaviours/edge.yaml'),
  '-o',
  out,
  '--log-level',
  'error',
])
if (generated.status !== 0) throw new Error(generated.stderr)
const { document, bodyOf } = readProbes(out)

/** What comes through a network of what a fake does. */
const carried = (row: Row, answer: ReturnType<Awaited<ReturnType<typeof fakeOf>>>): Answer => {
  const none = (failure: Answer['failure'] & string) => ({ failure, status: 0, html: false, body: '' })
  if (row.front?.refuses === true) return none('cut')
  if (row.front?.empty === true) return carried({ ...row, front: {} }, unavailable)
  switch (answer.broken) {
    case 'silent':
      return row.front?.patience === undefined ? none('timeout') : carried(row, routerPage(504, 'Gateway Time-out'))
    case 'reset':
    case 'short':
      return none('cut')
    case 'endless':
      return none('too-large')
  }
  return {
    status: answer.status,
    html: answer.headers?.['Content-Type']?.startsWith('text/html') === true,
    body: String(answer.body ?? ''),
  }
}

const asked = async (row: Row): Promise<CheckResult[]> => {
  const option = (name: string) => row.options?.[row.options.indexOf(name) + 1]
  const site = row.options?.includes('--site') === true ? option('--site') : undefined
  const wait = row.options?.includes('--wait') === true ? Number(option('--wait')) : 0
  const model = modelsOf(document, site).find(({ name }) => name === row.model)
  if (model === undefined) throw new Error(row.model)
  const files = model.probes
    .flatMap(({ body, fallback }) => [body, fallback?.body])
    .filter((one) => typeof one === 'string')
  const fake = behaving(
    await fakeOf({ ...model, bodies: new Map(files.map((file) => [file, bodyOf(file)])) }),
    row.behaviour ?? 'good',
    model,
  )
  const ask: Asking['ask'] = async ({ method, path: url, headers, body }) => {
    const path = url.replace(/\?.*/, '')
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const answer = fake({ method, path, url, headers: lower, body: Buffer.from(body ?? []) })
    return Promise.resolve({ ...carried(row, answer), seconds: 0, url })
  }
  const results: CheckResult[] = []
  for await (const result of askModel(model, {
    document,
    bodyOf,
    direct: false,
    deadline: performance.now() + wait * 1000,
    ...(row.options?.includes('--token-file') === true ? { token: 'some-key' } : {}),
    ask,
    onWait: () => undefined,
    signal: new AbortController().signal,
  }))
    results.push(result)
  return results
}

describe('without a network, edge verify says of', () => {
  test('as many behaviours as can be told apart', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(50)
  })

  const direct = rows.filter(
    ({ wire, host, front, options }) =>
      wire !== true && host === undefined && front?.absent !== true && options?.includes('PLAIN') !== true,
  )
  test.concurrent.each(direct.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    const results = await asked(row)
    const failing = results.flatMap(({ id, failure }) => (failure === undefined ? [] : [[id, failure.cause]]))
    expect(failing).toEqual(row.failing ?? [])
    if (failing.length === 0 || row.skipped !== undefined)
      expect(results.flatMap(({ id, skip }) => (skip === undefined ? [] : [id]))).toEqual(row.skipped ?? [])
  })

  test('each of them, or a real network carries it', () =>
    expect(rows.filter((row) => row.wire !== true && !direct.includes(row)).map(({ name }) => name)).toEqual([]))
})
