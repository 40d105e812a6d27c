import { spawn } from 'node:child_process'
import { EnvironmentError } from '../errors.ts'
import { lockPlatform } from '../oci/lock.ts'

/** How registries are asked. */
export interface SkopeoOptions {
  /** Registry logins: `--authfile`. */
  readonly authfile?: string
  /** Longest time for one run, in milliseconds. */
  readonly timeout: number
}

/** How a run of skopeo ended. */
export type SkopeoResult =
  | { readonly ok: true; readonly stdout: Buffer }
  | { readonly ok: false; readonly stderr: string; readonly timedOut: boolean }

/** A manifest has 4 MiB at the most (containers/image, iolimits), a configuration as well. */
const largestAnswer = 8 * 2 ** 20
/** What skopeo has to say stands in its last lines. */
const mostMessages = 64 * 1024

/**
 * Asks a registry by `skopeo inspect --raw`: the bytes as they are stored, which have the digest that names them.
 *
 * @param source - transport and name: `docker://REFERENCE`, `oci-archive:PATH`
 * @param what - the manifest, or the configuration of an image
 * @throws EnvironmentError when there is no skopeo
 */
export const inspectRaw = (
  source: string,
  what: 'manifest' | 'config',
  { authfile, timeout }: SkopeoOptions,
): Promise<SkopeoResult> =>
  run(
    [
      '--override-os',
      lockPlatform.os,
      '--override-arch',
      lockPlatform.architecture,
      'inspect',
      '--raw',
      ...(what === 'config' ? ['--config'] : []),
      ...(authfile === undefined ? [] : ['--authfile', authfile]),
      source,
    ],
    timeout,
  )

/** Starts it with arguments, never by a shell. */
const run = (args: readonly string[], timeout: number): Promise<SkopeoResult> =>
  new Promise((resolve, reject) => {
    const child = spawn('skopeo', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const stdout: Buffer[] = []
    let length = 0
    let stderr = ''
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, timeout)
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > largestAnswer) child.kill('SIGKILL')
      else stdout.push(chunk)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(-mostMessages)
    })
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const missing = cause.code === 'ENOENT'
      reject(
        new EnvironmentError(missing ? 'skopeo is not installed' : `cannot start skopeo: ${cause.message}`, {
          cause,
          ...(missing ? { help: 'install the package skopeo: `edge lock` asks registries by it' } : {}),
        }),
      )
    })
    child.on('close', (status) => {
      clearTimeout(timer)
      if (status === 0 && length <= largestAnswer) resolve({ ok: true, stdout: Buffer.concat(stdout) })
      else
        resolve({
          ok: false,
          timedOut,
          stderr: length > largestAnswer ? 'the answer is larger than any manifest' : stderr,
        })
    })
  })
