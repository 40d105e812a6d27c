import { spawnSync } from 'node:child_process'
import { edgePath, type Run } from './edge.ts'
import { environment } from './environment.ts'
import { unshareMounts } from './needs.ts'

/**
 * Runs a shell script in a mount namespace of its own: what it mounts nobody else sees, and it goes away with it. In the
 * script `edge` is the built command; it stops at the first command that fails and is not looked at.
 *
 * @param directory - where it runs
 */
export const inPrivateMounts = (directory: string, script: string): Run => {
  const edge = `edge() { "${process.execPath}" "${edgePath}" "$@"; }`
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...(unshareMounts ?? []), 'sh', '-euc', `${edge}\n${script}`],
    {
      cwd: directory,
      env: environment,
      input: '',
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}
