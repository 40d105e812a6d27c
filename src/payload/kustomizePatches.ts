import { type Because, because } from '../findings/because.ts'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { isMap } from '../basics/maps.ts'
import type { Kustomization, KustomizeReader } from './kustomization.ts'
import type { BuiltConfigMap, ConfigMapObject } from './builtConfigMap.ts'
import { applyMergePatch } from '../basics/mergePatch.ts'

type Maps = Map<string, BuiltConfigMap>

/**
 * Applies the patches of a kustomization that meet ConfigMaps, in the order in which they stand.
 *
 * @param fields - `patches`, or the two fields that kustomize had before it
 * @param maps - ConfigMaps by name; changed
 */
export const applyConfigMapPatches = (
  from: Kustomization,
  fields: readonly string[],
  maps: Maps,
  reader: KustomizeReader,
): void => {
  for (const { value, pointer } of fields.flatMap((field) => reader.entries(from, field))) {
    // In patchesStrategicMerge an entry is a path, or the patch itself.
    const entry =
      typeof value === 'string'
        ? reader.resolve(from, value) === undefined && value.includes(':')
          ? { patch: value }
          : { path: value }
        : value
    if (!isMap(entry)) {
      reader.problem(because('no-patch'), from.file, pointer)
      continue
    }
    const { target, path, patch } = entry
    const aimed = isMap(target)
      ? [...maps].filter(([name, map]) => isAimed(target, name, map)).map(([name]) => name)
      : undefined
    if (aimed?.length === 0) continue
    const selector = isMap(target) ? (target['labelSelector'] ?? target['annotationSelector']) : undefined
    if (selector !== undefined) reader.problem(because('patch-by-label'), from.file, pointer)
    const read = typeof patch === 'string' ? { path: from.file, text: patch } : reader.text(from, path, pointer)
    // Parsing is dear: without a target the patch itself says what it is for.
    if (read === undefined || (aimed === undefined && !read.text.includes('ConfigMap'))) continue
    for (const document of reader.documents(read.text, read.path)) {
      if (Array.isArray(document)) {
        for (const name of aimed ?? [])
          applyOperations(name, document as Operation[], maps, (why) => reader.problem(why, from.file, pointer))
      } else if (isMap(document)) {
        const own =
          document['kind'] === 'ConfigMap' && isMap(document['metadata']) ? [String(document['metadata']['name'])] : []
        for (const name of aimed ?? own) applyStrategic(name, document, maps)
      }
    }
  }
}

/** Says what a kustomization does to its ConfigMaps that edge does not follow: better no override than a wrong one. */
export const checkFollowed = (from: Kustomization, maps: Maps, reader: KustomizeReader): void => {
  if (maps.size === 0) return
  for (const field of ['namePrefix', 'nameSuffix', 'transformers'])
    if (![undefined, null, ''].includes(from.content[field] as null))
      reader.problem(because('field-not-followed', { field }), from.file, `/${field}`)
  for (const { value, pointer } of reader.entries(from, 'replacements')) {
    const read = isMap(value) && 'path' in value ? reader.text(from, value['path'], pointer) : undefined
    const replacements = read === undefined ? [value] : reader.documents(read.text, read.path).flat()
    const targets = replacements.flatMap((one) =>
      isMap(one) && Array.isArray(one['targets']) ? (one['targets'] as unknown[]) : [],
    )
    const isMet = targets.some(
      (target) =>
        isMap(target) &&
        isMap(target['select']) &&
        [...maps].some(([name, map]) => isAimed(target['select'] as Readonly<Record<string, unknown>>, name, map)),
    )
    if (isMet) reader.problem(because('replacements-not-followed'), from.file, pointer)
  }
}

/** Whether a target's selector meets a ConfigMap: each of its fields is a regular expression for the whole name. */
const isAimed = (
  { group, version, kind, name, namespace }: Readonly<Record<string, unknown>>,
  mapName: string,
  { namespaces }: BuiltConfigMap,
): boolean => {
  const fits = (pattern: unknown, values: readonly string[]) =>
    typeof pattern !== 'string' || pattern === '' || values.some((value) => expression(pattern).test(value))
  return (
    fits(group, ['']) &&
    fits(version, ['v1']) &&
    fits(kind, ['ConfigMap']) &&
    fits(name, [mapName]) &&
    fits(namespace, namespaces)
  )
}

const expression = (pattern: string): RegExp => {
  try {
    return new RegExp(`^(?:${pattern})$`)
  } catch {
    return /(?!)/
  }
}

/** A patch in the shape of the object: of a ConfigMap it is a JSON merge patch, but for `$patch`. Name and namespace stay. */
const applyStrategic = (
  name: string,
  { metadata, data, $patch }: Readonly<Record<string, unknown>>,
  maps: Maps,
): void => {
  const map = maps.get(name)
  if (map === undefined) return
  if ($patch === 'delete') {
    maps.delete(name)
    return
  }
  const { name: _name, namespace: _namespace, ...rest } = isMap(metadata) ? metadata : {}
  const replaces = isMap(data) && data['$patch'] === 'replace'
  const { $patch: _patch, ...values } = isMap(data) ? data : {}
  change(
    name,
    map,
    {
      metadata: applyMergePatch(map.object.metadata, rest) as ConfigMapObject['metadata'],
      data: applyMergePatch(replaces ? {} : map.object.data, values) as ConfigMapObject['data'],
    },
    maps,
  )
}

const applyOperations = (
  name: string,
  operations: readonly Operation[],
  maps: Maps,
  problem: (why: Because) => void,
): void => {
  const map = maps.get(name)
  if (map === undefined) return
  try {
    const { newDocument } = jsonPatch.applyPatch(map.object, [...operations], true, false)
    change(name, map, newDocument, maps)
  } catch (error) {
    problem(because('patch-fails', { library: (error as Error).message.split('\n')[0] ?? '' }))
  }
}

const change = (name: string, map: BuiltConfigMap, object: ConfigMapObject, maps: Maps): void => {
  maps.set(name, { ...map, object, layers: [...map.layers, object.data] })
}
