import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { kustomizeBuild } from '../tools/kubectl.ts'
import { projectRoot } from '../tools/root.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamPayload } from '../tools/upstream.ts'

const release = '4.20.0'
const embedded = join(projectRoot, 'manifests', release)
const upstream = upstreamPayload(release)
const kserve = 'usr/lib/microshift/manifests.d/010-microshift-ai-model-serving-kserve'
const runtimes = 'usr/lib/microshift/manifests.d/050-microshift-ai-model-serving-runtimes'
const embeddedFiles = filesBelow(embedded)

/** These name fewer resources than upstream's, on purpose; what they render is compared instead. */
const kustomizationsOfOurOwn = new Set(
  ['kustomization.yaml', 'configmap/kustomization.yaml', 'overlays/odh/kustomization.yaml'].map(
    (name) => `${kserve}/${name}`,
  ),
)

describe(`manifests/${release}`, () => {
  test('says at the top of each YAML file what it is', () => {
    const silent = embeddedFiles.filter(
      (file) => file.endsWith('.yaml') && !/^# \S.*\n[^#]*$/.test(textOf(embedded, file)),
    )
    expect(silent).toEqual([])
  })
})

describe(`manifests/${release} holds what the RPMs hold`, needs(payloads), () => {
  test.each(embeddedFiles.filter((file) => !kustomizationsOfOurOwn.has(file)))('%s', (file) => {
    expect(contentOf(embedded, file)).toStrictEqual(contentOf(upstream, file))
  })

  test('has no file that upstream does not have', () => {
    expect(embeddedFiles.filter((file) => !existsSync(join(upstream, file)))).toEqual([])
  })

  test("is no copy: no file has upstream's bytes", () => {
    const copies = embeddedFiles.filter((file) => textOf(embedded, file) === textOf(upstream, file))
    expect(copies.filter((file) => !file.endsWith('/params.env'))).toEqual([])
  })

  test('has every ServingRuntime file of upstream and no other', () => {
    expect(filesBelow(join(embedded, runtimes))).toEqual(filesBelow(join(upstream, runtimes)))
  })

  test('renders the same ServingRuntimes', () => {
    expect(byName(kustomizeBuild(join(embedded, runtimes)))).toStrictEqual(
      byName(kustomizeBuild(join(upstream, runtimes))),
    )
  })

  test('renders the same ConfigMaps and the same Namespace', () => {
    const ours = byName(kustomizeBuild(join(embedded, kserve)))
    const theirs = byName(kustomizeBuild(join(upstream, kserve)))
    const names = [
      'ConfigMap/inferenceservice-config',
      'ConfigMap/kserve-parameters',
      'Namespace/redhat-ods-applications',
    ]

    expect([...ours.keys()].sort()).toEqual(names)
    for (const name of names) expect(comparable(ours.get(name)), name).toStrictEqual(comparable(theirs.get(name)))
  })

  test('leaves no $(NAME) in what it renders', () => {
    const documents = [kserve, runtimes].flatMap((directory) => kustomizeBuild(join(embedded, directory)))
    expect(JSON.stringify(documents)).not.toContain('$(')
  })
})

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(directory.length + 1))
    .sort()
}

function textOf(tree: string, file: string): string {
  return readFileSync(join(tree, file), 'utf8')
}

/** A file as a value, without what formatting may change. */
function contentOf(tree: string, file: string): unknown {
  const text = textOf(tree, file)
  switch (extname(file)) {
    case '.json':
      return JSON.parse(text)
    case '.yaml':
      return comparable(load(text))
    case '.env':
      return text
        .split('\n')
        .filter((line) => line !== '')
        .sort()
    default:
      throw new Error(`${file}: no way to compare files of this kind`)
  }
}

/** inferenceservice-config with its values parsed and KServe's documentation in `_example` left out; anything else as it is. */
function comparable(value: unknown): unknown {
  if (!isRecord(value) || nameOf(value) !== 'ConfigMap/inferenceservice-config' || !isRecord(value['data']))
    return value
  const values = Object.entries(value['data']).filter(([key]) => key !== '_example')
  return { ...value, data: Object.fromEntries(values.map(([key, json]) => [key, JSON.parse(String(json)) as unknown])) }
}

function byName(documents: unknown[]): Map<string, unknown> {
  return new Map(documents.map((document) => [nameOf(document), document]))
}

function nameOf(document: unknown): string {
  if (!isRecord(document) || !isRecord(document['metadata'])) return ''
  return `${String(document['kind'])}/${String(document['metadata']['name'])}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
