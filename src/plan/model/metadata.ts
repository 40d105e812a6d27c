import { type Finding, finding } from '../../findings/finding.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import { pointerStep } from '../../yaml/locate.ts'
import type { AutoscalerClass } from './replicas.ts'

/** Keys that the user may not set, and why. Source: facts/kserve.md, from InferenceService to pods. */
const ownedKeys: Readonly<Record<string, string>> = {
  'serving.kserve.io/deploymentMode': 'MicroShift knows RawDeployment alone, and edge sets it',
  'serving.kserve.io/autoscalerClass': 'it follows from replicas',
  'serving.kserve.io/enable-prometheus-scraping': 'it moves the metrics to a port that no server here has; use metrics',
  'prometheus.io/scrape': 'use metrics',
  'security.opendatahub.io/enable-auth': 'it needs a token review that MicroShift lacks; use auth for vLLM',
  'networking.kserve.io/visibility': 'KServe would wait for a Route that nobody makes; use expose',
  'openshift.io/display-name': 'use displayName',
}

export const keyPattern =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
export const labelValuePattern = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

export interface PlannedMetadata {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly findings: readonly Finding[]
}

/**
 * Labels and annotations of an InferenceService: the user's, checked, and those that make KServe do the right thing on
 * MicroShift.
 */
export const planMetadata = (model: ModelSpec, autoscalerClass: AutoscalerClass, pointer: string): PlannedMetadata => {
  const findings: Finding[] = []
  const check = (field: 'labels' | 'annotations'): Record<string, string> => {
    const given = model[field] ?? {}
    for (const [key, value] of Object.entries(given)) {
      const at = `${pointer}/${field}${pointerStep(key)}`
      const why = Object.hasOwn(ownedKeys, key) ? ownedKeys[key] : undefined
      if (why !== undefined) findings.push(finding('owned-key', { key, why }, { pointer: at, on: 'key' }))
      if (!keyPattern.test(key))
        findings.push(
          finding(
            'bad-label',
            {
              text: key,
              expected: `a key of ${field}: an optional DNS name and a slash, then letters, digits, hyphens, dots and underscores, 63 at most`,
            },
            { pointer: at, on: 'key' },
          ),
        )
      if (field === 'labels' && !labelValuePattern.test(value))
        findings.push(
          finding(
            'bad-label',
            { text: value, expected: "a label's value: letters, digits, hyphens, dots and underscores, 63 at most" },
            at,
          ),
        )
    }
    return given
  }
  const labels = check('labels')
  const annotations = {
    ...check('annotations'),
    ...(typeof model.displayName === 'string' ? { 'openshift.io/display-name': model.displayName } : {}),
    'serving.kserve.io/deploymentMode': 'RawDeployment',
    'serving.kserve.io/autoscalerClass': autoscalerClass,
    ...(model.metrics === false ? {} : { 'prometheus.io/scrape': 'true' }),
  }
  return { labels, annotations, findings }
}
