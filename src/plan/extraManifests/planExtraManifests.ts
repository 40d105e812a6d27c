import { mapOf } from '../../basics/maps.ts'
import { type Finding, finding, type Location } from '../../findings/finding.ts'
import { pointerStep } from '../../yaml/locate.ts'
import { parseYaml } from '../../yaml/parse.ts'
import { type ControllerImages, imagesOfObject } from '../images/ofObject.ts'
import type { ImageSources } from '../images/sources.ts'
import type { PlannedManifests, WantedImage } from '../plan.ts'
import { readKustomization, type UserKustomization } from './kustomization.ts'
import { isNamespaced, isOfMicroshift } from './scope.ts'

/** An entry of spec.extraManifests, read: a file, or all files of a folder. */
export interface ExtraManifest {
  /** As the spec names it, without a leading `./`. */
  readonly path: string
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly isFolder: boolean
}

/** A document of a file of the user's. */
interface Document {
  readonly file: string
  readonly index: number
  readonly content: unknown
  /** Those whose folder it lies in, the nearest first. */
  readonly kustomizations: readonly UserKustomization[]
}

interface PlannedExtra {
  readonly manifests?: PlannedManifests
  readonly images: readonly WantedImage[]
  readonly findings: readonly Finding[]
}

const isYaml = (path: string): boolean => /\.(ya?ml|json)$/i.test(path)
const isKustomization = (path: string): boolean => /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path)
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const isBelow = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`)

/**
 * Manifests of the user's own. They keep their namespaces, so they have a directory of their own, which MicroShift applies before
 * the models'. Where objects of them live in the workload's namespace, that directory makes it, too: MicroShift would try for ten
 * minutes and give up. The images that they name, and that controllers add to them, are images that the device needs.
 *
 * @param manifests - spec.extraManifests, read
 * @param namespace - the workload's
 */
export const planExtraManifests = (
  manifests: readonly ExtraManifest[],
  namespace: string,
  sources: ImageSources,
  controllers: ControllerImages,
): PlannedExtra => {
  if (manifests.length === 0) return { images: [], findings: [] }
  const findings: Finding[] = []
  // A file that is named twice, or with its folder, is there once.
  const files = [...new Map(manifests.flatMap((manifest) => manifest.files.map((file) => [file.path, file]))).values()]
  const parsed = files
    .filter(({ path }) => isYaml(path) || isKustomization(path))
    .flatMap(({ path, text }) => {
      const yaml = parseYaml(text)
      if (yaml.ok) return [{ path, documents: yaml.documents }]
      const at = { file: path, pointer: '', offset: yaml.problem.offset }
      findings.push(finding('yaml-syntax', { reason: yaml.problem.reason }, at))
      return []
    })
  const kustomizations = parsed
    .filter(({ path }) => isKustomization(path))
    .map(({ path, documents }) => ({ path, folder: folderOf(path), ...readKustomization(documents[0]) }))
  const documents = parsed
    .filter(({ path }) => !isKustomization(path))
    .flatMap(({ path, documents }): Document[] => {
      const above = kustomizations
        .filter(({ folder }) => isBelow(path, folder))
        .sort((a, b) => b.folder.length - a.folder.length)
      return documents.flatMap((content, index) =>
        itemsOf(content).map((item) => ({ file: path, index, content: item, kustomizations: above })),
      )
    })
  const wanted = [
    ...documents.map((document) => imagesOf(document, sources, controllers)),
    ...kustomizations.flatMap(({ path, inline }) =>
      inline.map((content) => imagesOf({ file: path, index: 0, content, kustomizations: [] }, sources, controllers)),
    ),
  ]
  const made = new Set(documents.flatMap(({ content }) => madeNamespace(content) ?? []))
  findings.push(
    ...kustomizations.flatMap(({ path, remote }) =>
      remote.map((address) => finding('extra-remote', { address }, { file: path, pointer: '' })),
    ),
    ...wanted.flatMap((one) => one.findings),
    ...documents.flatMap(checkStorage),
    ...documents.flatMap((document) => checkNamespace(document, new Set([...made, namespace]))),
  )
  const usesOurs = [
    ...documents.map((document) => namespaceOf(document)),
    ...kustomizations.map((kustomization) => kustomization.namespace),
  ].includes(namespace)
  return {
    manifests: {
      files,
      resources: resourcesOf(manifests, kustomizations),
      ...(usesOurs && !made.has(namespace) ? { namespace } : {}),
    },
    images: wanted.flatMap(({ images }) => images),
    findings,
  }
}

type Placed = Pick<UserKustomization, 'takes' | 'isComponent'> & { readonly folder: string }

/**
 * What the directory's kustomization lists: of a folder those folders in it that have a kustomization, and the files that belong to
 * none. A kustomization says itself what it takes of what is below it; one that another takes, or that is a component, comes
 * with that.
 */
const resourcesOf = (manifests: readonly ExtraManifest[], kustomizations: readonly Placed[]): string[] => {
  const taken = new Set(kustomizations.flatMap(({ folder, takes }) => takes.map((path) => joined(folder, path))))
  const isInside = (path: string, below: string) =>
    kustomizations.some(({ folder }) => isBelow(folder, below) && isBelow(path, folder))
  return [
    ...new Set(
      manifests.flatMap(({ path, files, isFolder }) => {
        if (!isFolder) return [path]
        if (kustomizations.some(({ folder }) => folder === path)) return [path]
        const folders = kustomizations
          .filter(({ folder, isComponent }) => isBelow(folder, path) && !isInside(folder, path) && !isComponent)
          .map(({ folder }) => folder)
        const loose = files.map((file) => file.path).filter((file) => isYaml(file) && !isInside(file, path))
        return [...loose, ...folders].filter((one) => !taken.has(one))
      }),
    ),
  ]
}

/** A path from a folder, its `.` and `..` followed. */
const joined = (folder: string, path: string): string => {
  const steps: string[] = folder === '' ? [] : folder.split('/')
  for (const step of path.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}

/** The objects of a document: those of a List, too. */
const itemsOf = (content: unknown): readonly unknown[] => {
  const { kind, items } = mapOf(content)
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [content]
}

const imagesOf = (
  { file, index, content, kustomizations }: Document,
  sources: ImageSources,
  controllers: ControllerImages,
): ReturnType<typeof imagesOfObject> => {
  const final = kustomizations.reduce((object, { rewrite }) => rewrite(object), mapOf(content))
  return imagesOfObject(
    final,
    `extra manifest ${file}`,
    (place): Location => ({
      file,
      document: index,
      pointer: (place?.steps ?? ['kind']).map(pointerStep).join(''),
    }),
    sources,
    controllers,
  )
}

/** Where an object lives; undefined where it says nothing. */
const namespaceOf = ({ content, kustomizations }: Document): string | undefined => {
  const { namespace } = mapOf(mapOf(content)['metadata'])
  const given = kustomizations.flatMap((kustomization) => kustomization.namespace ?? []).at(-1)
  return given ?? (typeof namespace === 'string' && namespace !== '' ? namespace : undefined)
}

const madeNamespace = (content: unknown): string | undefined => {
  const { kind, apiVersion, metadata } = mapOf(content)
  const { name } = mapOf(metadata)
  return kind === 'Namespace' && apiVersion === 'v1' && typeof name === 'string' ? name : undefined
}

/** An object in a namespace that nothing makes, or in none: it lands in default. */
const checkNamespace = (document: Document, made: ReadonlySet<string>): Finding[] => {
  const { kind, apiVersion, metadata } = mapOf(document.content)
  const { name } = mapOf(metadata)
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return []
  const at: Location = { file: document.file, document: document.index, pointer: '/metadata', on: 'key' }
  const object = `${kind} ${typeof name === 'string' ? name : ''}`.trim()
  const namespaced = isNamespaced(apiVersion, kind)
  const namespace = namespaceOf(document)
  if (namespaced !== true && (namespaced === false || namespace === undefined)) return []
  if (namespace === undefined) return [finding('extra-no-namespace', { object }, at)]
  return made.has(namespace) || isOfMicroshift(namespace)
    ? []
    : [finding('extra-namespace-unmade', { object, namespace }, { ...at, pointer: '/metadata/namespace', on: 'value' })]
}

/** A model of an InferenceService that is fetched where it runs. */
const checkStorage = ({ content, file, index }: Document): Finding[] => {
  const { kind, metadata, spec } = mapOf(content)
  if (kind !== 'InferenceService') return []
  return Object.entries(mapOf(spec)).flatMap(([component, fields]) =>
    Object.entries(mapOf(fields)).flatMap(([name, container]) => {
      const { storageUri } = mapOf(container)
      if (typeof storageUri !== 'string' || storageUri.startsWith('oci://')) return []
      const pointer = ['spec', component, name, 'storageUri'].map(pointerStep).join('')
      const { name: own } = mapOf(metadata)
      const object = `${kind} ${typeof own === 'string' ? own : ''}`
      return [finding('extra-storage-uri', { object, source: storageUri }, { file, document: index, pointer })]
    }),
  )
}
