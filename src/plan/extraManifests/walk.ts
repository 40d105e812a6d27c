import { isMap, mapOf } from '../../basics/maps.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import type { UnresolvedReason } from '../../findings/words.ts'
import { parseYaml } from '../../yaml/parse.ts'
import { unfollowedEntry, withImageEntries } from './imageEntries.ts'
import { type ManifestObject, objectsOf } from './manifestObject.ts'
import { partsOf } from './patches.ts'
import type { Found, UserTree } from './userFiles.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a resource of the directory comes to. */
export interface Walked {
  readonly objects: readonly ManifestObject[]
  readonly findings: readonly Finding[]
  /** Files and folders that it takes, beside itself. */
  readonly taken: ReadonlySet<string>
}

/** More folders than any kustomization takes; a base that multiplies ends here. */
const mostFolders = 500
/** What makes or changes objects in ways that are not followed. */
const unfollowed = ['replacements', 'transformers', 'generators', 'vars', 'helmCharts', 'helmChartInflationGenerator']

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/**
 * The objects that kustomize makes of a file or a folder, as far as images and namespaces go: resources, then components, then
 * patches, `images` and `namespace`. Patches are not applied: what they bring stands beside what they change, so that no image
 * is missing. Order: kustomize's api/internal/target/kusttarget.go (accumulateTarget) and kusttarget_configplugin.go.
 *
 * @param resource - path of a file, or of a folder with a kustomization
 */
export const walkResource = (resource: string, tree: UserTree): Walked => {
  const findings: Finding[] = []
  const taken = new Set<string>()
  let folders = 0

  const build = (
    folder: string,
    file: string,
    above: readonly string[],
    into: readonly ManifestObject[],
  ): readonly ManifestObject[] => {
    folders++
    const content = mapOf(tree.documents(file)[0])
    const entries = (field: string) =>
      listOf(content[field]).map((value, index) => ({ value, pointer: `/${field}/${index}` }))
    const refuse = (path: string, pointer: string, why: UnresolvedReason) => {
      findings.push(finding('extra-unresolved', { path, why }, { file, pointer }))
    }
    const find = (path: string, pointer: string): Found | undefined => {
      const found = tree.find(folder, path)
      if (found === undefined && isRemote(path))
        findings.push(finding('extra-remote', { address: path }, { file, pointer }))
      else if (found === undefined) refuse(path, pointer, 'missing')
      else taken.add(found.path)
      return found
    }
    const follow = (value: unknown, pointer: string, before: readonly ManifestObject[]): readonly ManifestObject[] => {
      if (typeof value !== 'string') return before
      const found = find(value, pointer)
      if (found === undefined) return before
      if (found.kind === 'file') return [...before, ...objectsOf(tree.documents(found.path), found.path)]
      if (
        found.kind === 'kustomization' &&
        folders < mostFolders &&
        found.path !== folder &&
        !above.includes(found.path)
      )
        return build(found.path, found.file, [...above, folder], before)
      if (found.kind === 'folder') refuse(value, pointer, 'no-kustomization')
      else if (folders >= mostFolders) refuse(value, pointer, 'too-many')
      else refuse(value, pointer, 'loop')
      return before
    }
    const parts = (documents: readonly unknown[], target: Fields, at: (document: number) => ManifestObject['at']) =>
      documents.flatMap((document, index) =>
        partsOf(document, target).map((part): ManifestObject => ({ at: at(index), content: part, from: 'patch' })),
      )
    const fromFile = (path: string, target: Fields, pointer: string): ManifestObject[] => {
      const found = find(path, pointer)
      if (found?.kind === 'file')
        return parts(tree.documents(found.path), target, (document) => ({ file: found.path, document, pointer: '' }))
      if (found !== undefined) refuse(path, pointer, 'folder')
      return []
    }
    const fromText = (text: string, target: Fields, pointer: string): ManifestObject[] => {
      const yaml = parseYaml(text)
      if (yaml.ok) return parts(yaml.documents, target, () => ({ file, pointer }))
      refuse(text, pointer, 'no-yaml')
      return []
    }

    findings.push(...featuresOf(content, file, (path) => tree.find(folder, path), tree))
    let objects: readonly ManifestObject[] = []
    for (const { value, pointer } of [...entries('resources'), ...entries('bases')])
      objects = [...objects, ...follow(value, pointer, [])]
    objects = [...into, ...objects, ...generated(content, file)]
    // A component changes what the folder has so far.
    for (const { value, pointer } of entries('components')) objects = follow(value, pointer, objects)

    const before = objects
    const brought = [
      ...[...entries('patches'), ...entries('patchesJson6902')].flatMap(({ value, pointer }) => {
        const { patch, path, target } = mapOf(value)
        const kind = kindOf(mapOf(target), before)
        return [
          ...(typeof patch === 'string' ? fromText(patch, kind, `${pointer}/patch`) : []),
          ...(typeof path === 'string' && path !== '' ? fromFile(path, kind, `${pointer}/path`) : []),
        ]
      }),
      ...entries('patchesStrategicMerge').flatMap(({ value, pointer }) => {
        if (typeof value !== 'string') return []
        const isText = tree.find(folder, value) === undefined && /[\n{]/.test(value)
        return isText ? fromText(value, {}, pointer) : fromFile(value, {}, pointer)
      }),
    ]
    const { namespace } = content
    return [...before, ...brought].map((object) => ({
      ...object,
      content: withImageEntries(object.content, listOf(content['images'])),
      ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}),
    }))
  }

  const found = tree.find('', resource)
  const objects =
    found?.kind === 'kustomization'
      ? build(found.path, found.file, [], [])
      : objectsOf(tree.documents(resource), resource)
  return { objects, findings, taken }
}

/** Whether kustomize would fetch it: an address, or a path that begins with the name of a host. */
const isRemote = (path: string): boolean =>
  /^[a-z][a-z0-9+.-]*::?\/\/|^[\w.-]+@[\w.-]+[:/]|^gh:|^git::|^[a-z0-9][\w-]*(?:\.[\w-]+)+(?::\d+)?[/:].|[?&](?:ref|version)=|[^:]\/\//i.test(
    path,
  )

/** Fields of a kustomization whose doings are not followed. */
const featuresOf = (
  content: Fields,
  file: string,
  find: (path: string) => Found | undefined,
  tree: UserTree,
): Finding[] => {
  const isUsed = (value: unknown) => (Array.isArray(value) ? value.length > 0 : isMap(value))
  // A configuration may name more places of images.
  const configurations = listOf(content['configurations']).flatMap((path, index) => {
    const found = typeof path === 'string' ? find(path) : undefined
    const hasImages = found?.kind === 'file' && tree.documents(found.path).some((one) => isUsed(mapOf(one)['images']))
    return hasImages ? [{ feature: 'configurations with images', pointer: `/configurations/${index}` }] : []
  })
  const entries = listOf(content['images']).flatMap((entry, index) => {
    const feature = unfollowedEntry(entry)
    return feature === undefined ? [] : [{ feature, pointer: `/images/${index}` }]
  })
  return [
    ...unfollowed.filter((feature) => isUsed(content[feature])).map((feature) => ({ feature, pointer: `/${feature}` })),
    ...configurations,
    ...entries,
  ].map(({ feature, pointer }) => finding('extra-kustomize-feature', { feature }, { file, pointer, on: 'key' }))
}

/** ConfigMaps and Secrets that a kustomization makes: where they live matters, what is in them does not. */
const generated = (content: Fields, file: string): ManifestObject[] =>
  (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
    const field = kind === 'ConfigMap' ? 'configMapGenerator' : 'secretGenerator'
    return listOf(content[field]).flatMap((value, index): ManifestObject[] => {
      const { name, namespace, behavior } = mapOf(value)
      if (behavior === 'merge' || behavior === 'replace') return []
      const at = { file, pointer: `/${field}/${index}` }
      return [{ at, content: { apiVersion: 'v1', kind, metadata: { name, namespace } }, from: 'generator' }]
    })
  })

/** The kind that a patch's target names, with its group as far as it or an object of that kind says it. */
const kindOf = ({ kind, name, group, version }: Fields, objects: readonly ManifestObject[]): Fields => {
  const met = objects.find(
    ({ content, from }) =>
      from !== 'patch' && (kind === undefined ? mapOf(content['metadata'])['name'] === name : content['kind'] === kind),
  )?.content
  if (met !== undefined) return { apiVersion: met['apiVersion'], kind: met['kind'] }
  const known =
    typeof group === 'string' ? { apiVersion: `${group}/${typeof version === 'string' ? version : 'v1'}` } : {}
  return typeof kind === 'string' ? { ...known, kind } : known
}
