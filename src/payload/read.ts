import { type Because, because } from '../findings/because.ts'
import { createHash } from 'node:crypto'
import { isMap } from '../basics/maps.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { parseYaml } from '../yaml/parse.ts'
import {
  manifestsDirectory,
  type Payload,
  type PayloadRuntime,
  type ReadPayload,
  type ReleaseInfo,
  type Tree,
} from './payload.ts'
import { runtimesOf } from './runtimesOf.ts'
import { containersOf } from './servingRuntime.ts'
import { payloadLayout } from '../layout.ts'

const releaseDirectory = payloadLayout.releases
/** Deeper than any payload nests its kustomizations; a loop of symbolic links ends here. */
const deepest = 8

/**
 * Reads what the RPMs install. Files are known by what they hold: names of files and directories differ between
 * releases (facts/microshift.md, the payload), and on a build host other manifests stand beside them.
 *
 * @param tree - the files; a build host's root, or an unpacked RPM
 * @param release - the MicroShift release, for an embedded payload
 */
export const readPayload = (tree: Tree, release?: string): ReadPayload => {
  const { units, findings: manifestFindings } = readManifests(tree)
  const { releaseInfo, microshift = release, findings: releaseFindings } = readReleaseInfo(tree)
  const findings = [...releaseFindings, ...manifestFindings]
  if (releaseInfo === undefined) return { findings }

  const runtimes = payloadRuntimes(units, releaseInfo)
  if (runtimes.length === 0) return { findings: [...findings, finding('payload-no-runtimes', { where: tree.label })] }
  const kserve = findKserve(units, tree)
  if (kserve === undefined) findings.push(finding('payload-no-kserve', { where: tree.label }))
  if (!/^\d+\.\d+/.test(releaseInfo.base))
    findings.push(
      finding('payload-bad-base', { base: releaseInfo.base }, { file: releaseInfo.file, pointer: '/release/base' }),
    )
  return {
    payload: {
      label: tree.label,
      releaseInfo,
      runtimes,
      ...(release === undefined ? {} : { release }),
      ...(microshift === undefined ? {} : { microshift }),
      ...(kserve === undefined ? {} : { kserve }),
    },
    findings,
  }
}

/** One directory of `manifests.d`, which MicroShift applies as a whole, and what edge wants of it. */
interface Unit {
  readonly name: string
  readonly runtimes: PayloadRuntime[]
  /** Files that hold a ConfigMap inferenceservice-config, whole or as a patch. */
  readonly configFiles: string[]
}

const readManifests = (tree: Tree): { units: Unit[]; findings: Finding[] } => {
  const findings: Finding[] = []
  const units = tree
    .list(manifestsDirectory)
    .filter(({ kind }) => kind === 'directory')
    .map(({ name }) => {
      const unit: Unit = { name, runtimes: [], configFiles: [] }
      for (const file of yamlFiles(tree, `${manifestsDirectory}/${name}`, 0)) readManifest(tree, file, unit, findings)
      return unit
    })
  return { units, findings }
}

function* yamlFiles(tree: Tree, directory: string, depth: number): Iterable<string> {
  if (depth > deepest) return
  for (const { name, kind } of tree.list(directory)) {
    const path = `${directory}/${name}`
    if (kind === 'directory') yield* yamlFiles(tree, path, depth + 1)
    else if (/\.(ya?ml|json)$/i.test(name)) yield path
  }
}

/** Parsing is dear and most files (CRDs of a megabyte) are not wanted: the text tells first. */
const mayHoldRuntime = (text: string) =>
  text.includes('ServingRuntime') &&
  /^kind\s*:\s*["']?(?:ServingRuntime|List)\b|"kind"\s*:\s*"ServingRuntime"/m.test(text)
const holdsConfig = (text: string) =>
  text.includes('inferenceservice-config') &&
  /^kind\s*:\s*["']?ConfigMap\b|"kind"\s*:\s*"ConfigMap"/m.test(text) &&
  /\bname["']?\s*:\s*["']?inferenceservice-config\b/.test(text)

const readManifest = (tree: Tree, file: string, unit: Unit, findings: Finding[]): void => {
  const text = tree.read(file) ?? ''
  if (holdsConfig(text)) unit.configFiles.push(file)
  if (!mayHoldRuntime(text)) return
  const yaml = parseYaml(text)
  if (!yaml.ok) {
    findings.push(
      finding('yaml-syntax', { reason: yaml.problem.reason }, { file, pointer: '', offset: yaml.problem.offset }),
    )
    return
  }
  const found = runtimesOf(yaml.documents, file)
  unit.runtimes.push(...found.runtimes)
  findings.push(...found.findings)
}

/**
 * The payload's own ServingRuntimes. Their images are keys of the release-info; the copies that a bundle brought to a
 * build host name references, stand in a directory of their own, and are no payload.
 */
const payloadRuntimes = (units: readonly Unit[], { images }: ReleaseInfo): PayloadRuntime[] => {
  const hasPlaceholder = ({ object }: PayloadRuntime) => containersOf(object).some(({ image }) => images.has(image))
  const own = units.filter(({ runtimes }) => runtimes.some(hasPlaceholder))
  const byName = new Map<string, PayloadRuntime>()
  for (const runtime of (own.length > 0 ? own : units).flatMap(({ runtimes }) => runtimes)) {
    const { name } = runtime.object.metadata
    if (!byName.has(name)) byName.set(name, runtime)
  }
  return [...byName.values()].sort((a, b) => (a.object.metadata.name < b.object.metadata.name ? -1 : 1))
}

/** KServe's directory: the nearest one above all files with its ConfigMap, base and patches. */
const findKserve = (units: readonly Unit[], tree: Tree): Payload['kserve'] => {
  // An override that a bundle brought to a build host has one such file; KServe has its base and a patch or two.
  const [unit] = units
    .filter(({ configFiles }) => configFiles.length > 0)
    .sort((a, b) => b.configFiles.length - a.configFiles.length)
  if (unit === undefined) return undefined
  const [first = [], ...others] = unit.configFiles.map((file) => file.split('/').slice(0, -1))
  const shared = first.findIndex((step, index) => others.some((other) => other[index] !== step))
  const directory = first.slice(0, shared === -1 ? undefined : shared).join('/')
  return {
    manifestDirectory: unit.name,
    directory,
    neighbours: units.map(({ name }) => name),
    tree,
  }
}

const readReleaseInfo = (tree: Tree): { releaseInfo?: ReleaseInfo; microshift?: string; findings: Finding[] } => {
  const files = tree.list(releaseDirectory).filter(({ name, kind }) => kind === 'file' && name.endsWith('.json'))
  const infos = files
    .map(({ name }) => `${releaseDirectory}/${name}`)
    .map((file) => ({ file, text: tree.read(file) ?? '' }))
  // MicroShift's own release-info and those of other optional packages stand beside it.
  const candidates = infos.filter(({ text }) => text.includes('"kserve-controller"'))
  const own = infos.flatMap(({ text }) =>
    text.includes('"kserve-controller"') ? [] : (/"base"\s*:\s*"(4\.\d+[^"]*)"/.exec(text)?.[1] ?? []),
  )
  const [found, ...others] = candidates
  if (found === undefined)
    return {
      findings: [finding('payload-no-release-info', { where: tree.label, tried: files.map(({ name }) => name) })],
    }
  if (others.some(({ text }) => text !== found.text))
    return { findings: [finding('payload-release-info-ambiguous', { files: candidates.map(({ file }) => file) })] }
  return { ...parseReleaseInfo(found.file, found.text), ...(own[0] === undefined ? {} : { microshift: own[0] }) }
}

const parseReleaseInfo = (file: string, text: string): { releaseInfo?: ReleaseInfo; findings: Finding[] } => {
  const refuse = (why: Because, pointer = '') => ({
    findings: [finding('payload-bad-release-info', { why }, { file, pointer })],
  })
  let content: { release?: { base?: unknown }; images?: unknown } | null
  try {
    content = JSON.parse(text.replace(/^\ufeff/, '')) as typeof content
  } catch (error) {
    return refuse(because('no-json', { parser: (error as Error).message }))
  }
  const { release, images } = content ?? {}
  if (typeof release?.base !== 'string') return refuse(because('no-base'), '/release')
  if (!isMap(images)) return refuse(because('no-images'), '/images')
  const entries = Object.entries(images)
  const bad = entries.find(([, reference]) => typeof reference !== 'string')
  if (bad !== undefined) return refuse(because('image-no-text', { image: bad[0] }), `/images/${bad[0]}`)
  return {
    releaseInfo: {
      file,
      sha256: createHash('sha256').update(text).digest('hex'),
      base: release.base,
      images: new Map(entries as [string, string][]),
    },
    findings: [],
  }
}
