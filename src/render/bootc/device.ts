import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { containerfileWords } from '../quote.ts'
import { isHealthFile } from './rootfs.ts'
import { mirrorsPath } from './toml.ts'

/**
 * How the files of the device come into the image: a line for each directory and mode, since the modes of the bundle's own
 * files depend on who made it.
 *
 * @param files - paths from the device's root
 */
const copyLines = (files: readonly File[]): string[] => {
  const targets = new Map<string, string[]>()
  for (const { path, executable } of files) {
    const target = `${executable === true ? '0755' : '0644'} /${path.replace(/[^/]+$/, '')}`
    targets.set(target, [...(targets.get(target) ?? []), `bootc/rootfs/${path}`])
  }
  return [...targets].map(([target, paths]) => `COPY --chmod=${target.slice(0, 4)} ${containerfileWords([...paths, target.slice(5)])}`)
}

/** What the device runs before and beside MicroShift. */
export const deviceView = (plan: Plan, files: readonly File[]): { what: string; copies: string[]; enable: string } => {
  // The mirrors are copied before: the build itself needs them.
  const own = files.filter(({ path }) => path !== mirrorsPath && !isHealthFile(path))
  const units = own.flatMap(({ path }) => /^usr\/lib\/systemd\/system\/([^/]+\.service)$/.exec(path)?.[1] ?? [])
  const tasks = [
    'it loads the images that it lacks',
    ...(plan.bootc.sites.mode === 'all' ? ['links the manifests of its site'] : []),
    ...(plan.secrets.length > 0 ? ['makes its Secrets'] : []),
    ...(plan.kserveConfig === undefined ? [] : ["restarts KServe's controller when its configuration changes"]),
  ]
  return { what: tasks.join(', '), copies: copyLines(own), enable: containerfileWords(['systemctl', 'enable', ...units]) }
}

/** The check of the device's health, run by greenboot. */
export const healthView = (files: readonly File[]): { copies: string[] } => {
  const own = files.filter(({ path }) => isHealthFile(path))
  // Each in a line of its own that can be left out.
  return { copies: own.flatMap((file) => copyLines([file])) }
}
