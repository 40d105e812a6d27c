import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { type Comment, comment, type RunWord, runWord } from '../quote.ts'

/**
 * What the device runs before and beside MicroShift. A builder gives directories that are there, /etc among them, the modes of
 * those that are copied: so all are copied with one mode, and what is no program gets its own afterwards.
 *
 * @param files - what the build copies, with paths from the device's root
 */
export const deviceView = (
  plan: Plan,
  files: readonly File[],
): { what: Comment; plain: RunWord[]; units: RunWord[] } => {
  // Where greenboot runs no scripts the other way is edge-health.service; both would ask twice.
  const units = files
    .flatMap(({ path }) => /^usr\/lib\/systemd\/system\/([^/]+\.service)$/.exec(path)?.[1] ?? [])
    .filter((unit) => unit !== 'edge-health.service')
  const tasks = [
    'it loads the images that it lacks',
    plan.bootc.sites.mode === 'all'
      ? 'links the manifests of its site'
      : 'removes links to the manifests of a site from before',
    ...(plan.secrets.length > 0 ? ['makes its Secrets'] : []),
    ...(plan.kserveConfig === undefined ? [] : ["restarts KServe's controller when its configuration changes"]),
  ]
  return {
    what: comment(tasks.join(', ')),
    plain: files.filter(({ executable }) => executable !== true).map(({ path }) => runWord(`/${path}`)),
    units: units.map(runWord),
  }
}
