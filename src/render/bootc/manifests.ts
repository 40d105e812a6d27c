import type { Plan } from '../../plan/plan.ts'
import { kserveConfigPath } from '../kserveConfig.ts'
import { extraDirectory, workloadDirectory } from '../manifests.ts'
import { type Comment, comment, type ContainerfileWords, containerfileWords } from '../quote.ts'

/** Where MicroShift looks; one level of directories below it. facts/microshift.md, how manifests are applied. */
const found = '/usr/lib/microshift'
/** Where it does not. */
const kept = '/usr/lib/edge/manifests'

/**
 * How the manifests come to where MicroShift finds exactly one of base and site. Without sites they are copied there. With
 * sites base and overlays stay together elsewhere, and links lead to what is the same for all, and to the one site; with all
 * sites the device makes that link.
 */
export const manifestsView = (
  plan: Plan,
): { what: Comment; copies: ContainerfileWords[]; links: ContainerfileWords[] } => {
  const { sites } = plan.bootc
  const shared = [
    ...(plan.kserveConfig === undefined ? [] : [kserveConfigPath(plan.kserveConfig)]),
    ...(plan.extraManifests === undefined ? [] : [extraDirectory(plan)]),
  ]
  const base = workloadDirectory(plan)
  const copy = (path: string, to: string) => containerfileWords([`${path}/`, `${to}/${path}/`])
  const link = (path: string, name: string) =>
    containerfileWords(['/bin/ln', '-sfn', `${kept}/${path}`, `${found}/${name}`])
  if (sites.mode === 'none')
    return {
      what: comment('The manifests, where MicroShift finds them. Needs the release that they were made from.'),
      copies: [...shared, base].map((path) => copy(path, found)),
      links: [],
    }
  const links = shared.map((path) => link(path, path))
  if (sites.mode === 'one') {
    const overlay = `overlays/${sites.site}`
    return {
      what: comment(
        `The manifests of the site ${sites.site}, where MicroShift finds them, on a base where it does not. Needs the release that they were made from.`,
      ),
      copies: [...shared, base, overlay].map((path) => copy(path, kept)),
      links: [...links, link(overlay, base)],
    }
  }
  return {
    what: comment(
      'The manifests of all sites, where MicroShift does not find them: edge-pick-site links the one of the device. Needs the release that they were made from.',
    ),
    copies: [...shared, base, 'overlays'].map((path) => copy(path, kept)),
    links,
  }
}
