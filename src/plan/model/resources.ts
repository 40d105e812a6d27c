import { type Finding, finding } from '../../findings/finding.ts'
import type { Resources } from '../../kubernetes/types.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import { pointerStep } from '../../yaml/locate.ts'
import type { PlannedAccelerator } from '../plan.ts'
import { parseQuantity } from '../quantity.ts'

const knownResources = ['cpu', 'memory', 'ephemeral-storage']

/** A slip of the unit: 4 bytes of memory, or gibicores. */
const isOdd = (resource: string, value: number): boolean =>
  resource === 'cpu' ? value >= 10_000 : ['memory', 'ephemeral-storage'].includes(resource) && value < 2 ** 20

/**
 * Requests and limits of the model's container: the spec's, as texts, and the accelerator's (an extended resource needs
 * limit and request to be equal).
 *
 * @param resources - the spec's field
 * @param accelerator - what the pod runs on
 * @param pointer - where the field is
 */
export const planResources = (
  resources: ModelSpec['resources'],
  accelerator: PlannedAccelerator | undefined,
  pointer: string,
): { resources: Resources; findings: Finding[] } => {
  const findings: Finding[] = []
  const read = (kind: 'requests' | 'limits'): Record<string, string> =>
    Object.fromEntries(
      Object.entries(resources?.[kind] ?? {}).map(([resource, value]) => {
        const at = `${pointer}/${kind}${pointerStep(resource)}`
        if (parseQuantity(String(value)) === undefined) findings.push(finding('bad-quantity', { value }, at))
        else if (isOdd(resource, parseQuantity(String(value)) ?? 0))
          findings.push(finding('odd-quantity', { resource, value: String(value) }, at))
        if (!knownResources.includes(resource) && !/^hugepages-|\//.test(resource))
          findings.push(finding('bad-resource-name', { resource, known: knownResources }, { pointer: at, on: 'key' }))
        if (resource === accelerator?.identifier) findings.push(finding('accelerator-in-resources', { resource }, at))
        return [resource, String(value)]
      }),
    )
  const requests = read('requests')
  const limits = read('limits')
  for (const [resource, request] of Object.entries(requests)) {
    const limit = limits[resource]
    if (limit !== undefined && (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? Infinity)) {
      findings.push(
        finding('request-above-limit', { resource, request, limit }, `${pointer}/requests${pointerStep(resource)}`),
      )
    }
  }
  const devices = accelerator === undefined ? {} : { [accelerator.identifier]: String(accelerator.count) }
  const all = { requests: { ...requests, ...devices }, limits: { ...limits, ...devices } }
  return {
    resources: Object.fromEntries(Object.entries(all).filter(([, map]) => Object.keys(map).length > 0)),
    findings,
  }
}
