import { EnvironmentError } from '../errors.ts'
import { lockPlatform } from '../oci/lock.ts'
import { run } from './run.ts'

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
  ask(
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

const ask = async (args: readonly string[], timeout: number): Promise<SkopeoResult> => {
  const ended = await run('skopeo', args, { timeout, largest: largestAnswer }).catch((cause: unknown): never => {
    const { code, message } = cause as NodeJS.ErrnoException
    const missing = code === 'ENOENT'
    throw new EnvironmentError(missing ? 'skopeo is not installed' : `cannot start skopeo: ${message}`, {
      cause,
      ...(missing ? { help: 'install the package skopeo: `edge lock` asks registries by it' } : {}),
    })
  })
  const { status, stdout, stderr, timedOut, tooLarge } = ended
  return status === 0 && !tooLarge
    ? { ok: true, stdout }
    : { ok: false, timedOut, stderr: tooLarge ? 'the answer is larger than any manifest' : stderr }
}
