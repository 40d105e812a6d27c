import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { environment } from './environment.ts'
import { projectRoot } from './root.ts'

/** The built command. */
export const edgePath = join(projectRoot, 'dist/main.js')

export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs the built command and waits for its end.
 *
 * @param args - its arguments
 * @param options - working directory, standard input, more environment
 */
export const edge = (
  args: readonly string[],
  options: {
    readonly cwd?: string
    readonly input?: string | Uint8Array
    readonly env?: Readonly<Record<string, string>>
  } = {},
): Run => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [edgePath, ...args], {
    cwd: options.cwd ?? projectRoot,
    input: options.input ?? '',
    env: { ...environment, ...options.env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return { status, stdout, stderr }
}

/** A new directory that goes away with the test. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'edge-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
