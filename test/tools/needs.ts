import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { upstreamDirectory } from './upstream.ts'

/** Something that tests run with, beside Node and the packages of package.json. */
export interface Need {
  /** As the line after the tests names it. */
  readonly name: string
  /** Where it comes from. */
  readonly remedy: string
  readonly isHere: () => boolean
}

/** What a skipped test lacked, in its `meta`, where `skipped.ts` reads it. */
export type Missing = Pick<Need, 'name' | 'remedy'>

declare module 'vitest' {
  interface TaskMeta {
    missing?: readonly Missing[]
  }
}

/** Payloads of MicroShift's releases, which are not in the repository. */
export const payloads: Need = {
  name: '../shared/upstream',
  remedy: "the payloads of MicroShift's releases",
  isHere: () => upstreamDirectory !== undefined,
}

/** To be root: image builds, and the storage that they fill. */
export const root: Need = { name: 'root', remedy: 'the user', isHere: () => process.getuid?.() === 0 }

/** The words before a program, with which it gets a mount namespace of its own; undefined where none can be had. */
export const unshareMounts: readonly string[] | undefined = [['--mount'], ['--map-root-user', '--mount']].find(
  (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
)

/** To mount file systems that nobody else sees. */
export const mounts: Need = {
  name: 'a mount namespace',
  remedy: 'root, or a kernel that gives one to users',
  isHere: () => unshareMounts !== undefined,
}

/** A program of Debian's. */
const program = (name: string): Need => ({
  name,
  remedy: 'sh test/tools/debian.sh',
  isHere: () => (process.env['PATH'] ?? '').split(':').some((directory) => existsSync(`${directory}/${name}`)),
})

/**
 * Options of tests that need more than Node: `describe('…', needs('haproxy', payloads), () => …)`. Where something is missing,
 * they are skipped, and the line after the tests says for want of what.
 *
 * @param wanted - programs by their names, and what is none
 * @throws where something is missing and `CI` is set: a pipeline must not pass on tests that it never ran
 */
export const needs = (
  ...wanted: readonly (string | Need)[]
): { skip?: true; meta?: { missing: readonly Missing[] } } => {
  const missing = wanted
    .map((need) => (typeof need === 'string' ? program(need) : need))
    .filter(({ isHere }) => !isHere())
    .map(({ name, remedy }) => ({ name, remedy }))
  if (missing.length === 0) return {}
  if (process.env['CI'])
    throw new Error(
      `CI is set, and this is missing: ${missing.map(({ name, remedy }) => `${name} (${remedy})`).join(', ')}`,
    )
  return { skip: true, meta: { missing } }
}
