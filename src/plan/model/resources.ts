import { type Finding, finding, type Location } from '../../findings/finding.ts'
import type { Resources } from '../../kubernetes/types.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { PlannedAccelerator, WorkloadParts } from '../../workloads/workload.ts'
import { parseQuantity } from '../quantity.ts'

const knownResources = ['cpu', 'memory', 'ephemeral-storage']

/** A slip of the unit: 4 bytes of memory, or gibicores. */
const isOdd = (resource: string, value: number): boolean =>
  resource === 'cpu' ? value >= 10_000 : ['memory', 'ephemeral-storage'].includes(resource) && value < 2 ** 20

/**
 * Requests and limits of the model's container: the spec's, as texts, and the accelerator's (an extended resource needs
 * limit and request to be equal).
 */
export const resourcesOf = (
  { resources }: ModelSpec,
  accelerator: PlannedAccelerator | undefined,
): WorkloadParts['resources'] => {
  const devices = accelerator === undefined ? {} : { [accelerator.identifier]: String(accelerator.count) }
  const texts = (kind: 'requests' | 'limits') =>
    Object.fromEntries(Object.entries(resources?.[kind] ?? {}).map(([resource, value]) => [resource, String(value)]))
  return { requests: { ...texts('requests'), ...devices }, limits: { ...texts('limits'), ...devices } }
}

/**
 * Looks at requests and limits of the final object.
 *
 * @param accelerator - what the spec's field of that name adds
 * @param placeOf - where a value, or its key, comes from
 */
export const checkResources = (
  resources: Resources,
  accelerator: PlannedAccelerator | undefined,
  spec: ModelSpec,
  placeOf: (kind: 'requests' | 'limits', resource: string, on?: 'key') => Location | string,
): Finding[] => {
  const { requests = {}, limits = {} } = resources
  const ofKind = (kind: 'requests' | 'limits', values: Readonly<Record<string, unknown>>): Finding[] =>
    Object.entries(values).flatMap(([resource, value]) => {
      const amount = parseQuantity(String(value))
      const isGivenTwice = resource === accelerator?.identifier && spec.resources?.[kind]?.[resource] !== undefined
      return [
        ...(amount === undefined
          ? [finding('bad-quantity', { value }, placeOf(kind, resource))]
          : isOdd(resource, amount)
            ? [finding('odd-quantity', { resource, value: String(value) }, placeOf(kind, resource))]
            : []),
        ...(knownResources.includes(resource) || /^hugepages-|\//.test(resource)
          ? []
          : [finding('bad-resource-name', { resource, known: knownResources }, placeOf(kind, resource, 'key'))]),
        ...(isGivenTwice ? [finding('accelerator-in-resources', { resource }, placeOf(kind, resource))] : []),
      ]
    })
  return [
    ...ofKind('requests', requests),
    ...ofKind('limits', limits),
    ...Object.entries(requests).flatMap(([resource, request]) => {
      const limit = limits[resource]
      const isAbove = limit !== undefined && (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? Infinity)
      return isAbove
        ? [finding('request-above-limit', { resource, request, limit }, placeOf('requests', resource))]
        : []
    }),
  ]
}
