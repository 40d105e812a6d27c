import { spawnSync } from 'node:child_process'
import { edgePath, type Run } from './edge.ts'

const unshare = [['--mount'], ['--map-root-user', '--mount']].find(
  (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
)

/**
 * Whether tests that mount file systems have to be skipped: where no mount namespace can be had.
 *
 * @throws when `CI` is set there: a pipeline must not pass on tests that it never ran
 */
export const mountsAreRefused = (): boolean => {
  if (unshare !== undefined) return false
  if (process.env['CI']) throw new Error('this machine gives no mount namespace, and CI is set')
  process.stderr.write('SKIPPED: what needs a file system of its own: this machine gives no mount namespace\n')
  return true
}

/**
 * Runs a shell script in a mount namespace of its own: what it mounts nobody else sees, and it goes away with it. In the
 * script `edge` is the built command; it stops at the first command that fails and is not looked at.
 *
 * @param directory - where it runs
 */
export const inPrivateMounts = (directory: string, script: string): Run => {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const edge = `edge() { "${process.execPath}" "${edgePath}" "$@"; }`
  const { status, stdout, stderr } = spawnSync('unshare', [...(unshare ?? []), 'sh', '-euc', `${edge}\n${script}`], {
    cwd: directory,
    env,
    input: '',
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}
