import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { edge, type Run } from '../tools/edge.ts'
import { projectRoot } from '../tools/root.ts'
import { makeCertificates, startRehearsal, startRouter } from '../tools/router.ts'
import type { Row } from './rows.ts'

/** The API key in the file KEY. */
export const someKey = 'secret-key-7'

/** Makes what rows are run with, in a directory: certificates, the file KEY, and the bundle `out` of edge.yaml beside this file. */
export const prepareRows = (directory: string): void => {
  makeCertificates(directory)
  writeFileSync(join(directory, 'KEY'), `${someKey}\n`)
  expect(
    edge([
      'generate',
      '-f',
      join(projectRoot, 'test/behaviours/edge.yaml'),
      '-o',
      join(directory, 'out'),
      '--log-level',
      'error',
    ]).stderr,
  ).toBe('')
}

/**
 * Runs a program and waits for its end, while others run.
 *
 * @param directory - where it runs
 */
export const runIn = async (
  directory: string,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> =>
  new Promise((resolve, reject) => {
    const { NODE_EXTRA_CA_CERTS: _, ...own } = process.env
    const child = spawn(program, args, { cwd: directory, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...said }))
  })

/** What a TAP text says: each check that failed, with its cause, and those not asked. */
const readTap = (text: string) => {
  const lines = text.split('\n')
  const tests = lines.flatMap((line, index) => {
    const [, not, number = '', id = '', skip] =
      /^(not )?ok (\d+) - \S+ (\S+)(?: # (SKIP) .+| \(.*\))?$/.exec(line) ?? []
    const block = lines.slice(
      index + 1,
      lines.findIndex((one, at) => at > index && one === '  ...'),
    )
    const [cause] = not === undefined ? [] : block.flatMap((one) => /^ {2}cause: "(.*)"$/.exec(one)?.[1] ?? [])
    return number === ''
      ? []
      : [{ number: Number(number), id, failed: not !== undefined, skipped: skip !== undefined, cause }]
  })
  return { plan: Number(/^1\.\.(\d+)$/m.exec(text)?.[1]), tests }
}

/**
 * Runs a runner of probes against what a row says stands there.
 *
 * @param directory - with the certificates and the file KEY
 * @param bundle - the bundle of edge.yaml beside this file
 * @param command - the runner, with all options but where it asks
 */
export const runRow = async (row: Row, directory: string, bundle: string, command: readonly string[]): Promise<Run> => {
  const rehearsal = await startRehearsal(bundle, [
    '--behaviour',
    row.behaviour ?? 'good',
    ...(row.options?.includes('--site') === true ? ['--site', 'plant-a'] : []),
  ])
  const router = await startRouter(directory, rehearsal.port, row.front ?? {})
  try {
    const isPlain = row.options?.includes('PLAIN') === true
    const options = (row.options ?? []).filter((option) => option !== 'PLAIN')
    return await runIn(directory, [
      ...command,
      '--host',
      row.host ?? (isPlain ? router.plain : router.secure),
      '--ca-file',
      'ca.crt',
      ...options,
    ])
  } finally {
    router.stop()
    rehearsal.stop()
  }
}

/** Holds what a runner said, as TAP, to its row. */
export const expectRow = (row: Row, { status, stdout, stderr }: Run): void => {
  const { plan, tests } = readTap(stdout)
  const failing = tests.flatMap(({ failed, id, cause }) => (failed ? [[id, cause]] : []))
  expect({ failing, status }, stdout + stderr).toEqual({ failing: row.failing ?? [], status: row.exit })
  expect(tests.map(({ number }) => number)).toEqual(Array.from({ length: plan }, (_, index) => index + 1))
  // What comes after a check that stops the model is not asked; what the row names never is.
  if (failing.length === 0 || row.skipped !== undefined)
    expect(tests.flatMap(({ skipped, id }) => (skipped ? [id] : []))).toEqual(row.skipped ?? [])
  expect(stdout + stderr).not.toContain(someKey)
}
