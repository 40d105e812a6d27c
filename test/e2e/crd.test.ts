import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { bundleObjects } from '../tools/bundleObjects.ts'
import { kserveKinds } from '../tools/crd.ts'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { objectErrors } from '../tools/objectErrors.ts'
import { projectRoot } from '../tools/root.ts'
import { readYaml, someDigest } from '../tools/spec.ts'
import { strictSchemas } from '../tools/strictSchemas.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamPayload } from '../tools/upstream.ts'
import { brokenObjects, goodObjects } from './brokenObjects.ts'
import { facts } from './upstreamFacts.ts'

const releases = facts.map(({ release }) => release)
const cases = join(projectRoot, 'test/cases')
const examples = join(projectRoot, 'examples')

/** What a case holds to be invalid on purpose, exactly: here a runtime of the user's, with a field that no release knows. */
const onPurpose: Readonly<Record<string, readonly string[]>> = {
  'own-runtime': ['/spec/futureField: unknown field', '/spec/futureField/kept/2: is null'],
}

/** Fields of a case that a release does not know yet, by release, exactly: 4.19's Kubernetes has no volumes that are images. */
const notYet: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'patched-images': { '4.19.0': ['/spec/volumes/0/image: unknown field'] },
}

/** Placeholders in the runtimes of a release for which its release-info has no reference: a spec has to name one. */
const lackingImages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '4.19.0': { 'vllm-image': `registry.example.com/vllm@${someDigest}` },
}

/** A copy of an example, whose spec names what a release lacks. */
const exampleFor = (name: string, release: string): string => {
  const copy = join(temporaryDirectory(), name)
  cpSync(join(examples, name), copy, { recursive: true })
  const { spec, ...rest } = readYaml(copy, 'edge.yaml') as { spec: { images?: object } }
  writeFileSync(
    join(copy, 'edge.yaml'),
    dump({ ...rest, spec: { ...spec, images: { ...lackingImages[release], ...spec.images } } }),
  )
  return join(copy, 'edge.yaml')
}

/** All errors of a bundle's objects, as `RELEASE, FILE KIND/NAME: /path: message`. */
const bundleErrors = (bundle: string, against: readonly string[]): string[] => {
  const objects = bundleObjects(bundle)
  expect(objects.length).toBeGreaterThan(0)
  return against.flatMap((release) =>
    objects.flatMap(({ where, object, isForeign }) =>
      objectErrors(release, object, isForeign).map((error) => `${release}, ${where}: ${error}`),
    ),
  )
}

describe("what edge emits is valid by each release's CRDs", needs(payloads), () => {
  const withManifests = readdirSync(cases).filter((name) => existsSync(join(cases, name, 'expected/manifests.d')))

  test.each(withManifests)('case %s', (name) => {
    const errors = bundleErrors(join(cases, name, 'expected'), releases)
    const knownIn = (release: string) => [...(onPurpose[name] ?? []), ...(notYet[name]?.[release] ?? [])]
    const isKnown = (error: string) =>
      releases.some(
        (release) => error.startsWith(`${release},`) && knownIn(release).some((end) => error.endsWith(`: ${end}`)),
      )
    expect(errors.filter((error) => !isKnown(error))).toEqual([])
    for (const release of releases)
      for (const end of knownIn(release))
        expect(errors.some((error) => error.startsWith(release) && error.endsWith(`: ${end}`))).toBe(true)
  })

  const generated = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'edge.yaml')))

  test.each(generated)('example %s, as it is', (name) => {
    const out = join(temporaryDirectory(), 'out')
    expect(edge(['generate', '-f', join(examples, name, 'edge.yaml'), '-o', out])).toMatchObject({
      status: 0,
      stdout: '',
    })
    expect(bundleErrors(out, releases)).toEqual([])
  })

  test.each(generated.flatMap((name) => releases.map((release) => ({ name, release }))))(
    'example $name with the payload of $release',
    ({ name, release }) => {
      const out = join(temporaryDirectory(), 'out')
      expect(
        edge(['generate', '-f', exampleFor(name, release), '--payload', upstreamPayload(release), '-o', out]),
      ).toMatchObject({ status: 0, stdout: '' })
      expect(bundleErrors(out, [release])).toEqual([])
    },
  )
})

describe('the check bites', needs(payloads), () => {
  test('there is a good object of each kind that it knows, and none has errors', () => {
    expect(
      Object.values(goodObjects)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual([...kserveKinds, ...strictSchemas.keys()].sort())
    for (const release of releases)
      expect(Object.values(goodObjects).flatMap((object) => objectErrors(release, object))).toEqual([])
  })

  test.each(brokenObjects)('$kind: $what', ({ kind, change, errors }) => {
    for (const release of releases) {
      const object: unknown = structuredClone(goodObjects[kind])
      change(object)
      expect(objectErrors(release, object).sort()).toEqual([...errors].sort())
    }
  })

  test("a kind that edge does not emit is refused, but not among the user's own", () => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'some-pod' } }
    for (const release of releases) {
      expect(objectErrors(release, object)).toEqual(['/kind: edge emits no Pod'])
      expect(objectErrors(release, object, true)).toEqual([])
      expect(objectErrors(release, { ...object, metadata: { name: 'Some_Pod' } }, true)).toEqual([
        '/metadata/name: no name of a Pod: "Some_Pod"',
      ])
    }
  })
})
