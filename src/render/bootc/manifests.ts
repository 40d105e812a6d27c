import type { Plan } from '../../plan/plan.ts'
import { type Comment, comment, type ContainerfileWords, containerfileWords } from '../quote.ts'
import { bundleLayout, deviceLayout } from '../../layout.ts'

const { found, kept } = deviceLayout

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
    ...(plan.kserveConfig === undefined ? [] : [bundleLayout.kserveConfig(plan.kserveConfig.directory)]),
    ...(plan.extraManifests === undefined ? [] : [bundleLayout.extraManifests(plan.name)]),
  ]
  const base = bundleLayout.workload(plan.name)
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
    const overlay = bundleLayout.overlay(sites.site)
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
    copies: [...shared, base, bundleLayout.overlays].map((path) => copy(path, kept)),
    links,
  }
}
