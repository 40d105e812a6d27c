import { mkdirSync, renameSync, rmdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'

/** The changes that writing a bundle makes to a disk: a test hands in one that fails, or stops, at any of them. */
export interface Disk {
  /** Fails where something is already. */
  readonly makeDirectory: (path: string) => void
  /** Fails where something is already: nothing is ever written through a link. */
  readonly write: (path: string, content: string | Uint8Array, mode: number) => void
  readonly rename: (from: string, to: string) => void
  readonly removeFile: (path: string) => void
  /** Fails where it is not empty. */
  readonly removeDirectory: (path: string) => void
  /** Gives it the time that it is now. */
  readonly touch: (path: string) => void
}

/** The disk of this machine. */
export const realDisk: Disk = {
  makeDirectory: (path) => mkdirSync(path),
  write: (path, content, mode) => writeFileSync(path, content, { mode, flag: 'wx' }),
  rename: renameSync,
  removeFile: (path) => rmSync(path),
  removeDirectory: (path) => rmdirSync(path),
  touch: (path) => {
    const now = new Date()
    utimesSync(path, now, now)
  },
}
