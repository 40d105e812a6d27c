import { type Because, because } from '../findings/because.ts'
import { isMap } from '../basics/maps.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { parseYaml } from '../yaml/parse.ts'
import { pointerStep } from '../yaml/locate.ts'
import type { Tree } from './payload.ts'

/** Names of a kustomization's file, in kustomize's order. */
const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** A kustomization as it stands in its file. */
export interface Kustomization {
  /** The directory that its paths start from. */
  readonly directory: string
  readonly file: string
  readonly content: Readonly<Record<string, unknown>>
}

/** An item of one of its lists, with its place. */
export interface Entry {
  readonly value: unknown
  readonly pointer: string
}

/** Reads the files of a tree; what is wrong with them is collected, and nothing is thrown. */
export interface KustomizeReader {
  readonly findings: Finding[]
  readonly kustomization: (directory: string) => Kustomization | undefined
  /** Items of a kustomization's list. */
  readonly entries: (from: Kustomization, field: string) => readonly Entry[]
  /** What a path in a kustomization leads to. */
  readonly resolve: (
    from: Kustomization,
    path: unknown,
  ) => { readonly path: string; readonly kind: 'file' | 'directory' } | undefined
  /** A file's text that an entry names; a finding when there is none. */
  readonly text: (
    from: Kustomization,
    path: unknown,
    pointer: string,
  ) => { readonly path: string; readonly text: string } | undefined
  /** The YAML documents of a text that stands in a file; empty, with a finding, when it is no YAML. */
  readonly documents: (text: string, file: string) => readonly unknown[]
  readonly problem: (why: Because, file: string, pointer: string) => void
}

export const kustomizeReader = (tree: Tree): KustomizeReader => {
  const findings: Finding[] = []
  const problem = (why: Because, file: string, pointer: string) => {
    findings.push(finding('kserve-config-unreadable', { why }, { file, pointer }))
  }
  const documents = (text: string, file: string): readonly unknown[] => {
    const yaml = parseYaml(text)
    if (yaml.ok) return yaml.documents
    findings.push(
      finding('yaml-syntax', { reason: yaml.problem.reason }, { file, pointer: '', offset: yaml.problem.offset }),
    )
    return []
  }
  const resolve: KustomizeReader['resolve'] = ({ directory }, path) => {
    const joined = typeof path === 'string' ? joinPaths(directory, path) : undefined
    if (joined === undefined) return undefined
    const slash = joined.lastIndexOf('/')
    const kind = tree
      .list(slash === -1 ? '' : joined.slice(0, slash))
      .find(({ name }) => name === joined.slice(slash + 1))?.kind
    return kind === undefined ? undefined : { path: joined, kind }
  }
  return {
    findings,
    problem,
    documents,
    resolve,
    kustomization: (directory) => {
      const names = tree.list(directory).flatMap(({ name, kind }) => (kind === 'file' ? [name] : []))
      const name = fileNames.find((one) => names.includes(one))
      if (name === undefined) return undefined
      const file = `${directory}/${name}`
      const content = documents(tree.read(file) ?? '', file)[0] ?? {}
      if (isMap(content)) return { directory, file, content }
      problem(because('no-kustomization'), file, '')
      return { directory, file, content: {} }
    },
    entries: ({ file, content }, field) => {
      const list = content[field] ?? []
      if (!Array.isArray(list)) {
        problem(because('field-no-list', { field }), file, `/${field}`)
        return []
      }
      return list.map((value: unknown, index) => ({ value, pointer: `/${field}${pointerStep(index)}` }))
    },
    text: (from, path, pointer) => {
      const found = resolve(from, path)
      const text = found?.kind === 'file' ? tree.read(found.path) : undefined
      if (found !== undefined && text !== undefined) return { path: found.path, text }
      problem(because('file-absent', { path: JSON.stringify(path) }), from.file, pointer)
      return undefined
    },
  }
}

/** Joins paths with slashes; undefined when the result is outside of the tree, or a URL. */
const joinPaths = (directory: string, path: string): string | undefined => {
  if (path.startsWith('/') || path.includes('://')) return undefined
  const steps = directory.split('/')
  for (const step of path.split('/')) {
    if (step === '..' && steps.pop() === undefined) return undefined
    if (step !== '..' && step !== '.' && step !== '') steps.push(step)
  }
  return steps.join('/')
}
