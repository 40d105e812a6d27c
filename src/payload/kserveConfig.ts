import { because } from '../findings/because.ts'
import { configMapName } from '../kubernetes/names.ts'
import type { Finding } from '../findings/finding.ts'
import { exampleFields, type FieldTypes, fieldTypes } from './configFields.ts'
import { isMap } from '../basics/maps.ts'
import { type KustomizeReader, kustomizeReader } from './kustomization.ts'
import { type Built, buildConfigMaps } from './kustomize.ts'
import { manifestsDirectory, type Tree } from './payload.ts'

/** A comment in the form of a key: KServe reads nothing of it. */
const exampleKey = '_example'

/** KServe's configuration as the payload applies it: base, patches and all. facts/microshift.md, inferenceservice-config. */
export interface KserveConfig {
  /** The file that holds its base. */
  readonly file: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Key → text, `$(name)` filled in. */
  readonly data: ReadonlyMap<string, string>
  /** What `$(name)` stands for. */
  readonly variables: ReadonlyMap<string, string>
  /** Key → fields that the ConfigMap itself, any layer of it, or its example names. */
  readonly known: ReadonlyMap<string, FieldTypes>
}

export interface ReadKserveConfig {
  /** Absent when it cannot be made out as a whole: an override with a part of it would take the rest away. */
  readonly config?: KserveConfig
  readonly findings: readonly Finding[]
}

/**
 * Reads KServe's effective configuration, as MicroShift's kustomize makes it.
 *
 * @param manifestDirectory - the directory of `manifests.d` that MicroShift applies
 * @param kserve - KServe's, the same or one below
 * @param images - the release-info's, for a `$(name)` that the kustomizations do not resolve
 */
export const readKserveConfig = (
  tree: Tree,
  manifestDirectory: string,
  kserve: string,
  images: ReadonlyMap<string, string>,
): ReadKserveConfig => {
  const reader = kustomizeReader(tree)
  const root = outermost(`${manifestsDirectory}/${manifestDirectory}`, kserve).find(
    (directory) => reader.kustomization(directory) !== undefined,
  )
  if (root === undefined) reader.problem(because('without-kustomization', { directory: kserve }), kserve, '')
  const built = root === undefined ? undefined : buildConfigMaps(root, reader)
  const map = built?.maps.get(configMapName)
  if (built !== undefined && map === undefined && reader.findings.length === 0)
    reader.problem(because('no-config-map', { name: configMapName }), root ?? kserve, '')
  if (built === undefined || map === undefined) return { findings: reader.findings }

  const variables = new Map([...images, ...variablesOf(built)])
  const { metadata, data } = map.object
  const config: KserveConfig = {
    file: map.file,
    namespace: typeof metadata['namespace'] === 'string' ? metadata['namespace'] : 'default',
    labels: texts(metadata['labels'], '/metadata/labels', map.file, reader),
    annotations: texts(metadata['annotations'], '/metadata/annotations', map.file, reader),
    data: new Map(
      Object.entries(texts(data, '/data', map.file, reader))
        .filter(([key]) => key !== exampleKey)
        .map(([key, text]) => [key, expand(text, variables)]),
    ),
    variables,
    known: knownFields(map.layers),
  }
  return reader.findings.length > 0 ? { findings: reader.findings } : { config, findings: [] }
}

/** A directory and those on the way to one below it: MicroShift starts at the first. */
const outermost = (from: string, to: string): string[] => {
  const steps = to.slice(from.length).split('/').slice(1)
  return [from, ...steps.map((_, index) => [from, ...steps.slice(0, index + 1)].join('/'))]
}

/**
 * Fills in `$(name)`; `$$` is a dollar sign, and a name that nobody knows stays as it is.
 * Source: kustomize's api/internal/accumulator/expand.go, which is Kubernetes' third_party/forked/golang/expansion.
 */
export const expand = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (all, name?: string) =>
    name === undefined ? '$' : (variables.get(name) ?? all),
  )

const variablesOf = ({ maps, vars }: Built): [string, string][] =>
  [...vars].flatMap(([name, { map, key }]): [string, string][] => {
    const value = maps.get(map)?.object.data[key]
    return typeof value === 'string' ? [[name, value]] : []
  })

/** A map of texts; what is none is a finding. */
const texts = (
  map: unknown,
  pointer: string,
  file: string,
  reader: KustomizeReader,
): Readonly<Record<string, string>> => {
  const entries = Object.entries(isMap(map) ? map : {})
  for (const [key, value] of entries)
    if (typeof value !== 'string') reader.problem(because('value-no-text', { key }), file, `${pointer}/${key}`)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

const knownFields = (layers: readonly Readonly<Record<string, unknown>>[]): Map<string, FieldTypes> => {
  const known = new Map<string, FieldTypes>()
  for (const [key, text] of layers.flatMap((layer) => Object.entries(layer))) {
    if (typeof text !== 'string') continue
    const found = key === exampleKey ? exampleFields(text) : new Map([[key, fieldTypes(text)]])
    // What is in force stands in the last layer, and the example only says what else there is.
    for (const [name, fields] of found)
      known.set(
        name,
        new Map(key === exampleKey ? [...fields, ...(known.get(name) ?? [])] : [...(known.get(name) ?? []), ...fields]),
      )
  }
  return known
}
