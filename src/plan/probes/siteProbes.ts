import { isSame } from '../../basics/same.ts'
import type { Body } from '../../probes/probe.ts'
import type { PlannedModel, PlannedProbes } from '../plan.ts'

/**
 * The probes of a model as a site has it: those of the base where nothing differs, so that a fleet holds them once; else its
 * own, whose bodies lie in a directory of the site.
 *
 * @param own - the model as the site has it
 * @param base - as it is without the site; undefined for a model that only the site has
 */
export const siteProbes = (own: PlannedModel, base: PlannedModel | undefined, site: string): PlannedProbes => {
  const shared = base?.probes
  if (shared === undefined) return inDirectory(own.probes, site)
  const sameBodies =
    own.probes.bodies.length === shared.bodies.length &&
    own.probes.bodies.every((body, index) => isSameBody(body, shared.bodies[index]))
  if (!sameBodies) return inDirectory(own.probes, site)
  return isSame(own.probes.probes, shared.probes) &&
    own.probes.scheme === shared.scheme &&
    own.probes.server === shared.server
    ? shared
    : { ...own.probes, bodies: shared.bodies }
}

/** Files are read once: the bytes of one file are the same object. */
const isSameBody = (a: Body, b: Body | undefined): boolean =>
  b !== undefined &&
  a.file === b.file &&
  a.parts.length === b.parts.length &&
  a.parts.every(
    (part, index) =>
      part === b.parts[index] ||
      (part instanceof Uint8Array && part.length === 4 && String(part) === String(b.parts[index])),
  )

const inDirectory = (probes: PlannedProbes, site: string): PlannedProbes => {
  const files = new Set(probes.bodies.map(({ file }) => file))
  const moved = <T extends { readonly body?: PlannedProbes['probes'][number]['body'] }>(probe: T): T =>
    typeof probe.body === 'string' && files.has(probe.body) ? { ...probe, body: `${site}/${probe.body}` } : probe
  return {
    ...probes,
    probes: probes.probes.map((probe) => ({
      ...moved(probe),
      ...(probe.fallback === undefined ? {} : { fallback: moved(probe.fallback) }),
    })),
    bodies: probes.bodies.map((body) => ({ ...body, file: `${site}/${body.file}` })),
  }
}
