import { type Finding, finding } from '../findings/finding.ts'
import type { ModelSpec } from '../spec/schema.ts'
import type { PlannedRoute } from './plan.ts'

/** Longest label and longest name of DNS: facts/kserve.md, Route host labels. */
const longestLabel = 63
const longestHost = 253

/**
 * The Route of a model: its host as MicroShift's router would make it (`ROUTE-NAMESPACE.apps.BASEDOMAIN`, facts/microshift.md,
 * network), or the one that the spec gives.
 *
 * @param predictor - name of the Service and of the Route
 * @param pointer - where the model is
 */
export const planRoute = (
  expose: ModelSpec['expose'],
  predictor: string,
  { namespace, baseDomain }: { readonly namespace: string; readonly baseDomain: string },
  pointer: string,
): { route?: PlannedRoute; findings: readonly Finding[] } => {
  if (expose === false) return { findings: [] }
  const { host: given, tls = 'edge' } = typeof expose === 'object' ? expose : {}
  if (tls !== 'edge' && tls !== 'none') return { findings: [finding('not-supported-yet', { field: `expose.tls: ${tls}` }, `${pointer}/expose/tls`)] }
  if (typeof given === 'string') return { route: { host: given, tls }, findings: [] }

  const label = `${predictor}-${namespace}`
  const host = `${label}.apps.${baseDomain}`
  if (label.length > longestLabel) return { findings: [finding('host-label-too-long', { label, length: label.length }, `${pointer}/name`)] }
  if (host.length > longestHost) return { findings: [finding('host-too-long', { host }, `${pointer}/name`)] }
  return { route: { host, tls }, findings: [] }
}
