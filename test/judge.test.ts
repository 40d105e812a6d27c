import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { meaning } from '../src/probes/meaning.ts'
import type { ProbesDocument } from '../src/probes/document.ts'
import type { Probe } from '../src/probes/probe.ts'
import { isSo } from '../src/probes/when.ts'
import { type Answer, judge } from '../src/verify/judge.ts'
import { whySkipped } from '../src/verify/whySkipped.ts'
import { zerosFor } from '../src/verify/zeros.ts'
import { judgements, type Judged } from './behaviours/judgements.ts'
import { needs } from './tools/needs.ts'
import { projectRoot } from './tools/root.ts'

// verify.sh judges by jq, `edge verify` by TypeScript: each table is held by both, jq started once for all of its rows.

const document = {
  ...(JSON.parse(
    readFileSync(join(projectRoot, 'test/cases/probes/expected/probes/probes.json'), 'utf8'),
  ) as ProbesDocument),
  ...meaning,
}

/** What a program of jq gives for each row. */
const jq = (library: string, program: string, rows: readonly unknown[]): unknown[] => {
  const { stdout, stderr } = spawnSync(
    'jq',
    ['-c', '-L', join(projectRoot, 'src/probes/jq'), `include "${library}"; ${program}`],
    { input: rows.map((row) => JSON.stringify(row)).join('\n'), encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}
const withJq = needs('jq')

/** Without what is null: jq says so of what TypeScript leaves out. */
const known = (value: object) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null))

describe('an answer', () => {
  const probeOf = ({ ask }: Judged): Probe => {
    if (typeof ask !== 'string') return { id: 'X', method: 'GET', path: '/', headers: {}, ...ask }
    const [model, id] = ask.split(' ')
    const probe = document.models.find(({ name }) => name === model)?.probes.find((one) => one.id === id)
    if (probe === undefined) throw new Error(ask)
    return probe
  }
  const answerOf = ({ answer }: Judged): Answer => ({ status: 0, html: false, body: '', ...answer })
  const byTypeScript = (row: Judged) => {
    const { failure, ...rest } = judge(
      probeOf(row),
      { limited: row.limited === true, direct: row.direct === true },
      answerOf(row),
      document,
      row.before,
    )
    return { ...rest, ...failure }
  }

  test.each(judgements.map((row) => [row.name, row] as const))('%s', (_, row) =>
    expect(byTypeScript(row)).toMatchObject(
      row.gives.verdict === 'pass' ? row.gives : { verdict: 'fail', ...row.gives },
    ),
  )

  test('is worth the same in verify.sh', withJq, () => {
    const rows = judgements.map((row) => ({
      question: { probe: probeOf(row), limited: row.limited === true, direct: row.direct === true },
      answer: answerOf(row),
      before: row.before ?? null,
      tables: document,
    }))
    const given = jq('judge', 'judge(.question; .answer; .tables; .before)', rows)
    expect(given.map((one, index) => [judgements[index]?.name, known(one as object)])).toEqual(
      judgements.map((row) => [row.name, byTypeScript(row)]),
    )
  })

  test('every cause that an answer can have, and every sentence, has a row', () => {
    const causes = new Set(judgements.flatMap(({ gives }) => ('cause' in gives ? [gives.cause] : [])))
    const ofPods = ['no-pod-address', 'oc-fails']
    expect(Object.keys(meaning.causes).filter((cause) => !causes.has(cause) && !ofPods.includes(cause))).toEqual([])
    const came = judgements.map((row) => JSON.stringify(byTypeScript(row)))
    for (const { says } of [...meaning.answered, ...meaning.came])
      for (const part of says.split(/\{\w+\}/)) expect(came.join('\n')).toContain(part)
  })
})

describe('a question is not asked', () => {
  const model = { replicas: 1, route: { scheme: 'https' } } as const
  const now = { direct: false, counted: true, stop: undefined, zeros: null }
  const probe = { id: 'X', step: 'inference', method: 'GET', path: '/v1/a?b=/c', headers: {} } as const
  const rows: readonly [says: string | undefined, model?: object, probe?: object, now?: object][] = [
    [undefined],
    ['a {reason} of its own', {}, { skip: 'a {reason} of its own' }, { direct: true, stop: 'Y' }],
    ['it has no Route: on the device, --direct asks its pod', { route: undefined }],
    [undefined, { route: undefined }, {}, { direct: true }],
    ['its Route leads to /v2 alone: on the device, --direct asks its pod', { route: { path: '/v2' } }],
    ['its Route leads to /v alone: on the device, --direct asks its pod', { route: { path: '/v' } }],
    [undefined, { route: { path: '/v1' } }],
    [undefined, { route: { path: '/v1/a' } }],
    [undefined, { route: { path: '/v2' } }, {}, { direct: true }],
    [undefined, { replicas: 3 }],
    ['it has 3 pods, and each counts for itself', { replicas: 3 }, { step: 'metrics' }],
    ['it has 3 pods, and each counts for itself', { replicas: 3 }, { step: 'counter' }, { stop: 'Y' }],
    [undefined, { replicas: 3 }, { step: 'metrics' }, { direct: true }],
    ['OVMS-READY did not pass', {}, {}, { stop: 'OVMS-READY' }],
    ['there is nothing to count', {}, { step: 'counter' }, { counted: false }],
    [undefined, {}, {}, { counted: false }],
    ['the inputs are not known', {}, {}, { zeros: 'unasked' }],
    ['its inputs have no fixed shape of numbers: give infer in probes', {}, {}, { zeros: 'open' }],
    [undefined, {}, {}, { zeros: 'made' }],
  ]
  const filledRows = rows.map(
    ([says, a, b, c]) => [says, { ...model, ...a }, { ...probe, ...b } as Probe, { ...now, ...c }] as const,
  )

  test.each(filledRows)('%s', (says, aModel, aProbe, aNow) =>
    expect(whySkipped(aModel, aProbe, document, aNow)).toBe(says),
  )

  test('for the same reason in verify.sh', withJq, () =>
    expect(
      jq(
        'models',
        'why_skipped(.model; .probe; .tables; .now)',
        filledRows.map(([, aModel, aProbe, aNow]) => ({ model: aModel, probe: aProbe, now: aNow, tables: document })),
      ),
    ).toEqual(rows.map(([says]) => says ?? null)),
  )

  test('every reason has a row', () => {
    const said = rows.map(([says]) => says).join('\n')
    for (const { says } of meaning.skips) for (const part of says.split(/\{\w+\}/)) expect(said).toContain(part)
  })
})

describe('a model is asked nothing more', () => {
  const bad = { step: 'inference', ready: true, cause: 'unexpected', verdict: 'fail' }
  const rows: readonly [stops: boolean, facts: object][] = [
    [true, { step: 'ready', ready: false }],
    [true, { step: 'name', ready: false }],
    [false, { step: 'name' }],
    [false, { step: 'metrics' }],
    [false, {}],
    [false, { cause: 'server-error' }],
    [true, { cause: 'no-pod' }],
    [true, { cause: 'no-pod-address' }],
    [true, { cause: 'oc-fails' }],
    [true, { verdict: 'unreachable' }],
  ]
  test.each(rows)('%s: %j', (stops, facts) =>
    expect(meaning.stops.some((when) => isSo(when, { ...bad, ...facts }))).toBe(stops),
  )

  test('after the same in verify.sh', withJq, () =>
    expect(
      jq(
        'words',
        '.facts as $facts | any(.stops[]; is_so(.; $facts))',
        rows.map(([, facts]) => ({ facts: { ...bad, ...facts }, stops: meaning.stops })),
      ),
    ).toEqual(rows.map(([stops]) => stops)),
  )
})

describe('zeros', () => {
  const input = (shape: unknown, more: object = {}) => ({ name: 'x', datatype: 'FP32', shape, ...more })
  const rows: readonly [metadata: unknown, sizes: readonly number[] | null][] = [
    [{ inputs: [input([-1, 2, 3])] }, [6]],
    [{ inputs: [input([1]), input([4], { name: 'a"\n\\', datatype: 'INT64' })] }, [1, 4]],
    [{ inputs: [input([])] }, [1]],
    [{ inputs: [input([1, -1])] }, null],
    [{ inputs: [input([1, 1.5])] }, null],
    [{ inputs: [input([1, '2'])] }, null],
    [{ inputs: [input([1000, 1001])] }, null],
    [{ inputs: [input([1], { datatype: 'BYTES' })] }, null],
    [{ inputs: [input([1], { datatype: 'FP16' })] }, null],
    [{ inputs: [input('large')] }, null],
    [{ inputs: [input([1], { name: null })] }, null],
    [{ inputs: [input([1]), 7] }, null],
    [{ inputs: [] }, null],
    [{ inputs: {} }, null],
    [{}, null],
    [[], null],
    [null, null],
  ]
  const sizesOf = (tensors: { readonly data: readonly number[] }[] | undefined) =>
    tensors?.map(({ data }) => data.length) ?? null

  test.each(rows)('for %j: %j', (metadata, sizes) => {
    const body = zerosFor(JSON.stringify(metadata))
    expect(
      sizesOf(
        body === undefined
          ? undefined
          : (JSON.parse(new TextDecoder().decode(body)) as { inputs: { data: number[] }[] }).inputs,
      ),
    ).toEqual(sizes)
  })

  test('are as many in verify.sh', withJq, () =>
    expect(
      jq(
        'models',
        'zeros | if . == null then null else map(.count) end',
        rows.map(([metadata]) => metadata),
      ),
    ).toEqual(rows.map(([, sizes]) => sizes)),
  )
})

test('what curl says is why no answer came', withJq, () => {
  const rows: readonly [lines: readonly string[], answer: object][] = [
    [
      ['u', '200 0 0.01 0.987654 Text/HTML; charset=utf-8', '', '<a>', '', ''],
      { failure: null, status: 200, html: true, body: '<a>\n\n', seconds: '0.98' },
    ],
    [['u', '404 0 0.01 12 ', '', ''], { failure: null, status: 404, html: false, body: '', seconds: '12' }],
    [['u', '000 7 0.00 0.00 ', 'Failed to connect  '], { failure: 'refused', words: 'Failed to connect' }],
    [['u', '000 6 0 0 ', 'two', 'lines'], { failure: 'name', words: 'two lines' }],
    [['u', '000 28 0.000000 2.0 ', 'x'], { failure: 'unconnected' }],
    [['u', '000 28 0.001 2.0 ', 'x'], { failure: 'timeout' }],
    [['u', '200 18 0.001 2.0 application/json', 'x', '{"half'], { failure: 'cut', status: 0, body: '' }],
    [['u', '000 35 0 0 ', ''], { failure: 'tls', words: 'curl ended with 35' }],
    [['u', '000 60 0 0 ', 'x'], { failure: 'certificate' }],
    [['u', '000 77 0 0 ', 'x'], { failure: 'ca-file' }],
    [['u', '200 23 0 0 ', 'x'], { failure: 'too-large' }],
    [['u', '000 99 0 0 ', 'x'], { failure: 'other' }],
    [['u'], { failure: 'other' }],
  ]
  expect(
    jq(
      'judge',
      '.tables as $tables | .lines | answer_of($tables)',
      rows.map(([lines]) => ({ lines, tables: document })),
    ),
  ).toMatchObject(rows.map(([, answer]) => answer))
})
