import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { dumpYaml } from '../../src/render/kubernetes/dump.ts'
import { kustomizeBuild } from '../tools/kubectl.ts'
import { anyText, runs } from './texts.ts'

/**
 * A text that kustomize 5.7 carries: DEL, C1 controls, noncharacters and (in annotations) several lines that begin with a
 * tab it refuses, and NEL, LS and PS it makes spaces of, however they are escaped. What edge does with those:
 * e2e/hostileTexts.test.ts.
 */
const carried = anyText().map((text) =>
  text.replaceAll(/[\u007f-\u009f\u2028\u2029\p{Noncharacter_Code_Point}]/gu, '').replace(/^\t+/, ''),
)

/** Scalars of every type that a manifest holds. */
const scalar = fc.oneof(
  { weight: 6, arbitrary: anyText() },
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
  fc.constant(null),
)

/** Objects with hostile texts as keys and values, at any depth. */
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(anyText(), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

describe('the one writer of YAML', () => {
  test('what it writes, js-yaml reads as it was', () => {
    fc.assert(
      // Below a name, as in every manifest: js-yaml does not quote a key "--- a" at the start of a line.
      fc.property(tree, (spec) => {
        expect(load(dumpYaml({ spec }))).toEqual({ spec })
      }),
      runs(2000),
    )
  })

  test('fields that are undefined are left out, and no text is folded or shared', () => {
    const shared = ['a '.repeat(200)]
    expect(dumpYaml({ first: shared, absent: undefined, second: shared })).toBe(
      `first:\n- '${'a '.repeat(200)}'\nsecond:\n- '${'a '.repeat(200)}'\n`,
    )
  })

  test('what it writes, kustomize reads as it was: data, labels, arguments', () => {
    fc.assert(
      fc.property(fc.array(carried, { minLength: 150, maxLength: 200 }), (texts) => {
        const objects = manifestsWith(texts)
        const rendered = throughKustomize(objects)
        for (const { kind } of objects)
          expect(rendered.find((object) => object.kind === kind)).toEqual(
            objects.find((object) => object.kind === kind),
          )
      }),
      runs(12),
    )
  })

  test('what it writes, kustomize reads as it was: keys', () => {
    // A key of more than 1,024 characters and "<<" (a merge) are beyond kustomize; no key of a manifest is either.
    const key = carried.filter((text) => text !== '<<' && text.length < 500)
    const keys = fc.uniqueArray(
      fc.oneof(key, fc.constantFrom('on', 'y', 'null', '~', '1e3', '0777', '1:30', '2001-01-01', 'true', '=')),
      { minLength: 100, maxLength: 150 },
    )
    fc.assert(
      fc.property(keys, (texts) => {
        const object = {
          apiVersion: 'serving.kserve.io/v1beta1',
          kind: 'InferenceService',
          metadata: { name: 'some-model' },
          spec: { predictor: Object.fromEntries(texts.map((text, index) => [text, `value ${index}`])) },
        }
        expect(throughKustomize([object])).toEqual([object])
      }),
      runs(6),
    )
  })
})

interface Manifest {
  readonly kind: string
  readonly [key: string]: unknown
}

/** The same texts in each place where a manifest has free text. */
const manifestsWith = (texts: readonly string[]): Manifest[] => {
  const map = Object.fromEntries(texts.map((text, index) => [`key-${index}`, text]))
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'some-config', annotations: map }, data: map },
    {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'some-model', labels: map, annotations: map },
      spec: {
        predictor: {
          minReplicas: 1,
          model: {
            args: texts,
            env: texts.map((value, index) => ({ name: `E${index}`, value })),
            resources: { limits: { cpu: '1', 'nvidia.com/gpu': '1e3' } },
          },
        },
      },
    },
  ]
}

const throughKustomize = (objects: readonly Manifest[]): Manifest[] => {
  const directory = mkdtempSync(join(tmpdir(), 'edge-dump-'))
  try {
    for (const object of objects) writeFileSync(join(directory, `${object.kind}.yaml`), dumpYaml(object))
    writeFileSync(
      join(directory, 'kustomization.yaml'),
      dumpYaml({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        resources: objects.map(({ kind }) => `${kind}.yaml`),
      }),
    )
    return kustomizeBuild(directory) as Manifest[]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
