import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { objectDifferences } from '../../src/cluster/differences.ts'
import { compared, secretArgument } from '../../src/workloads/kserve/compared.ts'
import { needs } from '../tools/needs.ts'
import { rootfs } from '../tools/device.ts'
import { type Row, rows } from './rows.ts'

type Case = Pick<Row, 'key' | 'wants' | 'is'>

/** As `edge verify --kubeconfig` says it. */
const byEdge = ({ key, wants, is }: Case): string[] => {
  const kind = compared[key.split('/')[0] ?? '']
  if (kind === undefined) throw new Error(`${key} is of no kind that is compared`)
  return objectDifferences({ fields: kind.fields, secretArgument: new RegExp(secretArgument, 'i') }, key, wants, is)
}

/** As the device says it: one jq for all. */
const byDevice = (cases: readonly Case[]): string[][] => {
  const { status, stdout, stderr } = spawnSync(
    'jq',
    [
      '-c',
      '-L',
      join(rootfs, 'usr/libexec/edge'),
      'include "differences"; . as $all | [.cases[] | . as $case | [object_differences($all + {objects: {($case.key): $case.wants}}; $case.key; $case.is)]]',
    ],
    { input: JSON.stringify({ kinds: compared, secretArgument, cases }), encoding: 'utf8', maxBuffer: 1e9 },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as string[][]
}

describe('expected and live objects', () => {
  test.each(rows)('$name', (row) => {
    expect(byEdge(row)).toEqual(row.says ?? [])
  })
})

describe('the device', needs('jq'), () => {
  test('says the same of each', () => {
    const said = byDevice(rows)
    expect(rows.map(({ name }, index) => [name, said[index]])).toEqual(rows.map(({ name, says = [] }) => [name, says]))
  })

  test('says the same of whatever stands in two objects', () => {
    const key = fc.constantFrom('name', 'args', 'env', 'value', 'resources', 'limits', 'cpu', 'a.b/c', 'containers')
    const leaf = fc.oneof(
      fc.constantFrom(
        null,
        '',
        0,
        1,
        -1,
        1.5,
        true,
        false,
        '1',
        '1000m',
        '1.5Gi',
        'x y',
        '--token=a',
        '--key',
        'é\u0007',
      ),
      fc.string({ maxLength: 4 }),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
        fc.array(fc.record({ name: fc.constantFrom('a', 'b'), value: leaf }), { maxLength: 3 }),
      ),
    }))
    const kinds = fc.constantFrom(
      'InferenceService',
      'ServingRuntime',
      'Route',
      'NetworkPolicy',
      'ConfigMap',
      'Deployment',
    )
    const cases = fc
      .sample(
        fc.record({ kind: kinds, wants: tree, is: tree, under: fc.constantFrom('predictor', 'containers', 'tls') }),
        {
          numRuns: 400,
          seed: 7,
        },
      )
      .map(({ kind, wants, is, under }): Case => {
        const inside = (value: unknown) =>
          under === 'predictor' ? { model: value, volumes: value } : under === 'containers' ? [value] : value
        return {
          key: `${kind}/x`,
          wants: { metadata: {}, data: { k: wants }, spec: { [under]: inside(wants) } },
          is: { metadata: { labels: is }, data: { k: is, l: is }, spec: { [under]: inside(is) } },
        }
      })
      .map((one) => JSON.parse(JSON.stringify(one)) as Case)
    const said = byDevice(cases)
    expect(cases.filter((one) => byEdge(one).length > 0).length).toBeGreaterThan(200)
    expect(
      cases
        .flatMap((one, index) =>
          JSON.stringify(byEdge(one)) === JSON.stringify(said[index])
            ? []
            : [{ one, edge: byEdge(one), device: said[index] }],
        )
        .slice(0, 3),
    ).toEqual([])
  })
})
