import { type Finding, finding } from '../../findings/finding.ts'
import { parseYaml } from '../../yaml/parse.ts'

/** A file of the user's. */
export interface UserFile {
  /** As the spec names it, or the folder that it is in. */
  readonly path: string
  readonly text: string
}

/** An entry of spec.extraManifests, read: a file, or all files of a folder. */
export interface ExtraManifest {
  /** As the spec names it, without a leading `./`. */
  readonly path: string
  readonly files: readonly UserFile[]
  readonly isFolder: boolean
}

/** What a path leads to: a file, a folder, a folder of a kustomization, or nothing that the user has. */
export type Found =
  | { readonly kind: 'file' | 'folder'; readonly path: string }
  | { readonly kind: 'kustomization'; readonly path: string; readonly file: string }

/** The user's files as a tree. */
export interface UserTree {
  /** Folders that have a kustomization. */
  readonly kustomizations: readonly { readonly folder: string; readonly file: string }[]
  /** What a path from a folder leads to. */
  readonly find: (folder: string, path: string) => Found | undefined
  /** The documents of a file, or of a text in it; none when it is no YAML, which `findings` then say. */
  readonly documents: (path: string) => readonly unknown[]
  /** What is wrong with the files that were asked for. */
  readonly findings: () => readonly Finding[]
}

const isKustomization = (path: string): boolean => /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path)
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** Makes a tree of files; each is parsed once, when it is first asked for. */
export const userTree = (files: readonly UserFile[]): UserTree => {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)))
  const kustomizations = [...texts.keys()].filter(isKustomization).map((file) => ({ folder: folderOf(file), file }))
  const kustomizationOf = new Map(kustomizations.map(({ folder, file }) => [folder, file]))
  const parsed = new Map<string, readonly unknown[]>()
  const findings: Finding[] = []
  return {
    kustomizations,
    find: (folder, path) => {
      const whole = joined(folder, path)
      if (whole === undefined) return undefined
      if (texts.has(whole)) return { kind: 'file', path: whole }
      const file = kustomizationOf.get(whole)
      if (file !== undefined) return { kind: 'kustomization', path: whole, file }
      return folders.has(whole) ? { kind: 'folder', path: whole } : undefined
    },
    documents: (path) => {
      const known = parsed.get(path)
      if (known !== undefined) return known
      const yaml = parseYaml(texts.get(path) ?? '')
      if (!yaml.ok) {
        const at = { file: path, pointer: '', offset: yaml.problem.offset }
        findings.push(finding('yaml-syntax', { reason: yaml.problem.reason }, at))
      }
      const documents = yaml.ok ? yaml.documents : []
      parsed.set(path, documents)
      return documents
    },
    findings: () => findings,
  }
}

/** All folders that a file is in. */
const foldersOf = (path: string): string[] => {
  const steps = path.split('/')
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'))
}

/** A path from a folder, its `.` and `..` followed; undefined where it leaves the spec's folder. */
const joined = (folder: string, path: string): string | undefined => {
  if (path.startsWith('/')) return undefined
  const steps = folder === '' ? [] : folder.split('/')
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined
    } else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}
