import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { EnvironmentError, InputError } from '../errors.ts'
import { type Documents, type Finding, finding } from '../findings/finding.ts'
import { didYouMean } from '../findings/near.ts'
import { embeddedPayload, embeddedReleases, exampleNames, exampleSpec } from '../packaged.ts'
import { lockName } from '../oci/lock.ts'
import type { ReadPayload, Tree } from '../payload/payload.ts'
import { readPayload } from '../payload/read.ts'
import { makePlan } from '../plan/makePlan.ts'
import { loadTools } from '../plan/tools.ts'
import type { Plan } from '../plan/plan.ts'
import { resolveSite } from '../plan/sites/resolveSite.ts'
import { parseSpec } from '../spec/parse.ts'
import { readUserFiles } from './besideSpec.ts'
import { linesOf } from '../yaml/locate.ts'
import { directoryTree } from './directoryTree.ts'
import { isThere } from './openFile.ts'
import { readText } from './readText.ts'

/** What the options of a command say about its input. */
export interface InputOptions {
  /** `-f`: a path, or `-` for standard input. */
  readonly filename?: string
  /** `--example`: a spec that ships with the package. */
  readonly example?: string
  /** `--payload`: a directory or an embedded release; wins over the spec. */
  readonly payload?: string
  /** `--site`: plan this site alone. */
  readonly site?: string
  /** Whether the lock beside the spec has its say; by default it has, where there is one. */
  readonly locked?: false
  /** Where the bundle is written: no folder that the spec names may hold it. */
  readonly bundle?: string
}

export interface Loaded {
  /** Absent when the spec or the payload cannot be used at all. */
  readonly plan?: Plan
  readonly findings: readonly Finding[]
  readonly documents: Documents
  /** The lines of the spec that JSON pointers lead to, from 1. */
  readonly linesOf: (pointers: Iterable<string>) => ReadonlyMap<string, number>
}

/**
 * Reads everything that a plan is made from, and makes it.
 *
 * @throws InputError, EnvironmentError for files that cannot be read; what is wrong in them comes as findings
 */
export const load = async (options: InputOptions): Promise<Loaded> => {
  const { path, name } = specPath(options)
  const text = readText(path, name)
  const parsed = parseSpec(text)
  const lines: Loaded['linesOf'] = (pointers) => linesOf(text, pointers)
  const { spec } = parsed
  if (spec === undefined)
    return { findings: parsed.findings, documents: documentsOf({ name, text }, [], undefined), linesOf: lines }

  const beside = path === '-' ? process.cwd() : dirname(path)
  const payload = loadPayload(options.payload, spec.body.payload, beside)
  const user = readUserFiles(spec, beside, options.bundle)
  const lockPath = join(beside, lockName)
  // Its code is loaded for those who have one.
  const locked =
    options.locked !== false && isThere(lockPath) ? (await import('./readLock.ts')).readLock(lockPath) : undefined
  const documents = documentsOf(
    { name, text },
    [
      ...user.files.runtimes,
      ...user.files.extraManifests.flatMap(({ files }) => files),
      ...(locked === undefined ? [] : [{ path: lockName, text: locked.text }]),
    ],
    payload.tree,
  )
  const tools = await loadTools(spec, locked !== undefined)
  const planned = makePlan(spec, payload.read.payload, user.files, tools, locked?.lock)
  const { plan } = planned
  return {
    ...(plan === undefined ? {} : { plan: options.site === undefined ? plan : planOfSite(plan, options.site) }),
    findings: [
      ...parsed.findings,
      ...payload.read.findings,
      ...user.findings,
      ...(locked?.findings ?? []),
      ...planned.findings,
    ],
    documents,
    linesOf: lines,
  }
}

/** The plan of the one site that `--site` names. */
const planOfSite = (plan: Plan, name: string): Plan => {
  const site = plan.sites.find((one) => one.name === name)
  const known = plan.sites.map((one) => one.name)
  if (site === undefined)
    throw new InputError(`the spec has no site "${name}"`, {
      help: didYouMean(name, known) ?? `sites: ${known.slice(0, 20).join(', ') || 'none'}`,
    })
  return resolveSite(plan, site)
}

const specPath = ({ filename, example }: InputOptions): { path: string; name: string } => {
  if (filename !== undefined && example !== undefined)
    throw new InputError('give either -f FILE or --example NAME, not both')
  if (example !== undefined) {
    const known = exampleNames()
    if (!known.includes(example))
      throw new InputError(`there is no example "${example}"`, {
        help: didYouMean(example, known) ?? `examples: ${known.join(', ')}`,
      })
    return { path: exampleSpec(example), name: `example ${example}` }
  }
  if (filename !== undefined) return { path: filename, name: filename === '-' ? '<stdin>' : filename }
  throw new InputError('no spec is given', { help: 'give -f edge.yaml' })
}

interface LoadedPayload {
  readonly tree?: Tree
  readonly read: ReadPayload
}

/**
 * Finds and reads the payload: the option's, the spec's, or the newest that is embedded.
 *
 * @param option - `--payload`: a release or a directory
 * @param field - `spec.payload`: a release, or a directory beside the spec
 * @param beside - the spec's directory
 */
export const loadPayload = (
  option: string | undefined,
  field: string | { readonly path: string } | undefined,
  beside: string,
): LoadedPayload => {
  const releases = embeddedReleases()
  if (option !== undefined) {
    if (releases.includes(option)) return readRelease(option)
    if (!isDirectory(option))
      throw new InputError(`there is no payload "${option}": no embedded release, and no directory`, {
        help: `embedded: ${releases.join(', ')}`,
      })
    return readDirectory(option, option)
  }
  if (typeof field === 'object') {
    const directory = resolve(beside, field.path)
    return isDirectory(directory)
      ? readDirectory(directory, field.path)
      : { read: { findings: [finding('payload-path', { path: field.path }, '/spec/payload/path')] } }
  }
  const release = field ?? releases.at(-1)
  if (release === undefined) throw new EnvironmentError('the package holds no payload: install it again')
  return releases.includes(release)
    ? readRelease(release)
    : { read: { findings: [finding('payload-unknown', { release, known: releases }, '/spec/payload')] } }
}

const readRelease = (release: string): LoadedPayload => {
  const tree = directoryTree(embeddedPayload(release), `payload ${release}`)
  return { tree, read: readPayload(tree, release) }
}

const isDirectory = (path: string): boolean =>
  !path.includes('\0') && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const readDirectory = (directory: string, label: string): LoadedPayload => {
  const tree = directoryTree(directory, label)
  return { tree, read: readPayload(tree) }
}

/** Where findings find their texts: the spec's is at hand, the user's files too, those of the payload are read again. */
const documentsOf = (
  spec: { readonly name: string; readonly text: string },
  files: readonly { readonly path: string; readonly text: string }[],
  tree: Tree | undefined,
): Documents => {
  const own = new Map(files.map(({ path, text }) => [path, text]))
  return {
    name: ({ file }) =>
      file === undefined
        ? spec.name
        : own.has(file)
          ? join(spec.name === '<stdin>' ? '.' : dirname(spec.name), file)
          : join(tree?.label ?? '', file),
    text: ({ file }) => (file === undefined ? spec.text : (own.get(file) ?? readAgain(tree, file))),
  }
}

const readAgain = (tree: Tree | undefined, file: string): string | undefined => {
  try {
    return tree?.read(file)
  } catch {
    return undefined
  }
}
