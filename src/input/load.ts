import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path'
import { EnvironmentError, InputError } from '../errors.ts'
import { type Documents, type Finding, finding } from '../findings/finding.ts'
import { didYouMean } from '../findings/near.ts'
import { embeddedPayload, embeddedReleases, exampleNames, exampleSpec } from '../packaged.ts'
import type { ReadPayload, Tree } from '../payload/payload.ts'
import { readPayload } from '../payload/read.ts'
import { makePlan } from '../plan/makePlan.ts'
import type { Plan } from '../plan/plan.ts'
import type { RuntimeFile } from '../plan/runtimes.ts'
import { parseSpec } from '../spec/parse.ts'
import type { Spec } from '../spec/spec.ts'
import { directoryTree } from './directoryTree.ts'
import { readText } from './readText.ts'

/** What the options of a command say about its input. */
export interface InputOptions {
  /** `-f`: a path, or `-` for standard input. */
  readonly filename?: string
  /** `--example`: a spec that ships with the package. */
  readonly example?: string
  /** `--payload`: a directory or an embedded release; wins over the spec. */
  readonly payload?: string
}

export interface Loaded {
  /** Absent when the spec or the payload cannot be used at all. */
  readonly plan?: Plan
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/**
 * Reads everything that a plan is made from, and makes it.
 *
 * @throws InputError, EnvironmentError for files that cannot be read; what is wrong in them comes as findings
 */
export const load = (options: InputOptions): Loaded => {
  const { path, name } = specPath(options)
  const text = readText(path, name)
  const parsed = parseSpec(text)
  const { spec } = parsed
  if (spec === undefined) return { findings: parsed.findings, documents: documentsOf({ name, text }, [], undefined) }

  const beside = path === '-' ? process.cwd() : dirname(path)
  const payload = loadPayload(options.payload, spec.body.payload, beside)
  const runtimeFiles = readRuntimeFiles(spec, beside)
  const documents = documentsOf({ name, text }, runtimeFiles.files, payload.tree)
  const planned = makePlan(spec, payload.read.payload, runtimeFiles.files)
  return { ...planned, findings: [...parsed.findings, ...payload.read.findings, ...runtimeFiles.findings, ...planned.findings], documents }
}

const specPath = ({ filename, example }: InputOptions): { path: string; name: string } => {
  if (filename !== undefined && example !== undefined) throw new InputError('give either -f FILE or --example NAME, not both')
  if (example !== undefined) {
    const known = exampleNames()
    if (!known.includes(example)) throw new InputError(`there is no example "${example}"`, { help: didYouMean(example, known) ?? `examples: ${known.join(', ')}` })
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
export const loadPayload = (option: string | undefined, field: string | { readonly path: string } | undefined, beside: string): LoadedPayload => {
  const releases = embeddedReleases()
  if (option !== undefined) {
    if (releases.includes(option)) return readRelease(option)
    if (!isDirectory(option)) throw new InputError(`there is no payload "${option}": no embedded release, and no directory`, { help: `embedded: ${releases.join(', ')}` })
    return readDirectory(option, option)
  }
  if (typeof field === 'object') {
    const directory = resolve(beside, field.path)
    return isDirectory(directory) ? readDirectory(directory, field.path) : { read: { findings: [finding('payload-path', { path: field.path }, '/spec/payload/path')] } }
  }
  const release = field ?? releases.at(-1)
  if (release === undefined) throw new EnvironmentError('the package holds no payload: install it again')
  return releases.includes(release) ? readRelease(release) : { read: { findings: [finding('payload-unknown', { release, known: releases }, '/spec/payload')] } }
}

const readRelease = (release: string): LoadedPayload => {
  const tree = directoryTree(embeddedPayload(release), `payload ${release}`)
  return { tree, read: readPayload(tree, release) }
}

const isDirectory = (path: string): boolean => !path.includes('\0') && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const readDirectory = (directory: string, label: string): LoadedPayload => {
  const tree = directoryTree(directory, label)
  return { tree, read: readPayload(tree) }
}

/** Where findings find their texts: the spec's is at hand, the user's files too, those of the payload are read again. */
const documentsOf = (spec: { readonly name: string; readonly text: string }, files: readonly RuntimeFile[], tree: Tree | undefined): Documents => {
  const own = new Map(files.map(({ path, text }) => [path, text]))
  return {
    name: ({ file }) => (file === undefined ? spec.name : own.has(file) ? file : join(tree?.label ?? '', file)),
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

/** Reads the user's ServingRuntime files, which stand beside the spec or below. */
const readRuntimeFiles = ({ body }: Spec, beside: string): { files: RuntimeFile[]; findings: Finding[] } => {
  const files: RuntimeFile[] = []
  const findings: Finding[] = []
  for (const [index, path] of (body.runtimes ?? []).entries()) {
    const pointer = `/spec/runtimes/${index}`
    try {
      files.push({ path, text: readText(besideSpec(beside, path), path) })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      findings.push(finding('runtime-path', { path, why: error.message.replace(/^cannot read .*?: /, '') }, pointer))
    }
  }
  return { files, findings }
}

/** A path that stays in the spec's directory, symbolic links followed. */
const besideSpec = (beside: string, path: string): string => {
  const leaves = (from: string, to: string) => isAbsolute(relative(from, to)) || relative(from, to).split(sep)[0] === '..'
  if (isAbsolute(path) || path.includes('\0') || leaves(beside, resolve(beside, normalize(path)))) throw new InputError('it is not beside the spec')
  const file = resolve(beside, path)
  if (existsSync(file) && leaves(realpathSync(beside), realpathSync(file))) throw new InputError('it is a link to a place that is not beside the spec')
  return file
}
