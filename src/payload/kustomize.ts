import { because } from '../findings/because.ts'
import type { BuiltConfigMap, ConfigMapObject } from './builtConfigMap.ts'
import { applyConfigMapPatches, checkFollowed } from './kustomizePatches.ts'
import { isMap } from '../basics/maps.ts'
import type { Entry, Kustomization, KustomizeReader } from './kustomization.ts'

/** What a directory gives: ConfigMaps by name, and the `vars` that it and its bases declare. */
export interface Built {
  readonly maps: Map<string, BuiltConfigMap>
  readonly vars: Map<string, { readonly map: string; readonly key: string }>
}

/** More directories than any payload has; a base that names itself, or multiplies, ends here. */
const mostDirectories = 500

/**
 * Builds the ConfigMaps of a directory as kustomize does: its resources, then what it generates, then components, patches,
 * namespace, labels. Everything of another kind is passed over. Order: kustomize's api/internal/target/kusttarget.go
 * (accumulateTarget) and kusttarget_configplugin.go (the transformers).
 *
 * @param directory - with a kustomization
 */
export const buildConfigMaps = (directory: string, reader: KustomizeReader): Built => {
  let visited = 0
  const build = (below: string, from: Kustomization | undefined, pointer: string, built: Built): Built => {
    const file = from?.file ?? below
    if (++visited === mostDirectories) reader.problem(because('too-many-directories'), file, pointer)
    const kustomization = reader.kustomization(below)
    if (kustomization === undefined) {
      reader.problem(because('without-kustomization', { directory: below }), file, pointer)
      return built
    }

    const follow = ({ value, pointer: at }: Entry, into: Built) => {
      if (visited >= mostDirectories) return
      const found = reader.resolve(kustomization, value)
      if (found === undefined)
        reader.problem(because('resource-absent', { path: JSON.stringify(value) }), kustomization.file, at)
      else if (found.kind === 'directory') build(found.path, kustomization, at, into)
      else readConfigMaps(kustomization, value, at, into, reader)
    }
    for (const entry of [...reader.entries(kustomization, 'resources'), ...reader.entries(kustomization, 'bases')]) {
      const child: Built = { maps: new Map(), vars: built.vars }
      follow(entry, child)
      for (const [name, map] of child.maps) built.maps.set(name, map)
    }
    generate(kustomization, built, reader)
    // A component changes what the directory has so far.
    for (const entry of reader.entries(kustomization, 'components')) follow(entry, built)
    transform(kustomization, built, reader)
    for (const { value } of reader.entries(kustomization, 'vars')) declare(value, built)
    return built
  }
  return build(directory, undefined, '', { maps: new Map(), vars: new Map() })
}

const readConfigMaps = (
  from: Kustomization,
  path: unknown,
  pointer: string,
  { maps }: Built,
  reader: KustomizeReader,
): void => {
  const read = reader.text(from, path, pointer)
  // Parsing is dear, and most files (CRDs of a megabyte) hold none.
  if (read === undefined || !/\bkind["']?[ \t]*:[ \t]*["']?(?:ConfigMap|List)\b/.test(read.text)) return
  const documents = reader
    .documents(read.text, read.path)
    .flatMap((document) =>
      isMap(document) && Array.isArray(document['items']) ? (document['items'] as unknown[]) : [document],
    )
  for (const document of documents) {
    if (!isMap(document) || document['kind'] !== 'ConfigMap' || !isMap(document['metadata'])) continue
    const { metadata, data } = document
    const { name, namespace } = metadata as Record<string, unknown>
    if (typeof name !== 'string') continue
    const object = { metadata: metadata as Record<string, unknown>, data: isMap(data) ? data : {} }
    maps.set(name, {
      file: read.path,
      object,
      layers: [object.data],
      namespaces: typeof namespace === 'string' ? [namespace] : [],
    })
  }
}

/** `configMapGenerator`: from files of NAME=VALUE, from literals, from whole files. */
const generate = (from: Kustomization, { maps }: Built, reader: KustomizeReader): void => {
  for (const { value: generator, pointer } of reader.entries(from, 'configMapGenerator')) {
    if (!isMap(generator) || typeof generator['name'] !== 'string') continue
    const { name } = generator
    const texts = (field: string) =>
      [generator[field] ?? []]
        .flat()
        .map((path, index) => ({ path: typeof path === 'string' ? path : '', at: `${pointer}/${field}/${index}` }))
    const pairs = [
      ...[...texts('envs'), ...texts('env')].flatMap(({ path, at }) =>
        envPairs(reader.text(from, path, at)?.text ?? ''),
      ),
      ...texts('literals').flatMap(({ path }) =>
        envPairs(path).map(([key, value]): [string, string] => [key, value.replaceAll(/^["']+|["']+$/g, '')]),
      ),
      ...texts('files').map(({ path, at }): [string, string] => {
        const [, key, file = ''] = /^(?:([^=]*)=)?(.*)$/s.exec(path) ?? []
        return [key ?? file.slice(file.lastIndexOf('/') + 1), reader.text(from, file, at)?.text ?? '']
      }),
    ]
    const before = generator['behavior'] === 'merge' ? maps.get(name) : undefined
    const data = { ...before?.object.data, ...Object.fromEntries(pairs) }
    maps.set(name, {
      file: before?.file ?? from.file,
      namespaces: before?.namespaces ?? [],
      object: { metadata: before?.object.metadata ?? { name }, data },
      layers: [...(before?.layers ?? []), data],
    })
  }
}

/** Lines of NAME=VALUE; those that begin with # are comments. */
const envPairs = (text: string): [string, string][] =>
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line.includes('=') && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])

/** Patches, namespace, labels and annotations, in kustomize's order. */
const transform = (from: Kustomization, built: Built, reader: KustomizeReader): void => {
  const { maps } = built
  applyConfigMapPatches(from, ['patchesStrategicMerge', 'patches'], maps, reader)
  const { namespace, commonLabels, commonAnnotations } = from.content
  const labels = Object.assign(
    {},
    ...reader.entries(from, 'labels').map(({ value }) => (isMap(value) && isMap(value['pairs']) ? value['pairs'] : {})),
    isMap(commonLabels) ? commonLabels : {},
  ) as object
  for (const [name, map] of maps) {
    const { metadata } = map.object
    maps.set(name, {
      ...map,
      ...(typeof namespace === 'string' && namespace !== '' ? { namespaces: [...map.namespaces, namespace] } : {}),
      object: {
        ...map.object,
        metadata: {
          ...metadata,
          ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}),
          ...added(metadata, 'labels', labels),
          ...added(metadata, 'annotations', isMap(commonAnnotations) ? commonAnnotations : {}),
        },
      },
    })
  }
  applyConfigMapPatches(from, ['patchesJson6902'], maps, reader)
  checkFollowed(from, maps, reader)
}

const added = (metadata: ConfigMapObject['metadata'], field: string, values: object): object =>
  Object.keys(values).length === 0 ? {} : { [field]: { ...(isMap(metadata[field]) ? metadata[field] : {}), ...values } }

/** A `vars` entry whose value stands in a ConfigMap: `data.kserve-agent`. */
const declare = (value: unknown, { vars }: Built): void => {
  if (!isMap(value) || typeof value['name'] !== 'string' || !isMap(value['objref']) || !isMap(value['fieldref'])) return
  const { kind, name } = value['objref']
  const field = value['fieldref']['fieldpath'] ?? value['fieldref']['fieldPath']
  const [, dotted, bracketed] = typeof field === 'string' ? (/^data(?:\.(.+)|\[(.+)\])$/.exec(field) ?? []) : []
  const key = dotted ?? bracketed
  if (kind === 'ConfigMap' && typeof name === 'string' && key !== undefined) vars.set(value['name'], { map: name, key })
}
