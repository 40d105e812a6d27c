import { type Finding, finding, type Location } from '../../findings/finding.ts'

type Texts = Readonly<Record<string, string>>

/** Keys that the user may not set, and why. Source: facts/kserve.md, from InferenceService to pods. */
const ownedKeys = [
  'serving.kserve.io/deploymentMode',
  'serving.kserve.io/autoscalerClass',
  'serving.kserve.io/enable-prometheus-scraping',
  'prometheus.io/scrape',
  'security.opendatahub.io/enable-auth',
  'networking.kserve.io/visibility',
  'openshift.io/display-name',
] as const
export type OwnedKey = (typeof ownedKeys)[number]

export const keyPattern =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
export const labelValuePattern = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

/**
 * Looks at labels or annotations of the final object that are not as edge sets them.
 *
 * @param final - as patches left them
 * @param made - what edge itself sets
 * @param said - what the spec says: edge's own keys among them are overwritten
 * @param placeOf - where a key comes from
 */
export const checkMetadata = (
  field: 'labels' | 'annotations',
  final: Texts,
  made: Texts,
  said: Texts,
  placeOf: (key: string, on?: 'key') => Location | string,
): Finding[] =>
  Object.entries(final).flatMap(([key, value]) => {
    if (made[key] === value && !Object.hasOwn(said, key)) return []
    const owned = ownedKeys.find((one) => one === key)
    return [
      ...(owned === undefined ? [] : [finding('owned-key', { key: owned }, placeOf(key, 'key'))]),
      ...(keyPattern.test(key)
        ? []
        : [finding('bad-label', { text: key, expected: 'key', field }, placeOf(key, 'key'))]),
      ...(field === 'annotations' || labelValuePattern.test(value)
        ? []
        : [finding('bad-label', { text: value, expected: 'value', field }, placeOf(key))]),
    ]
  })
