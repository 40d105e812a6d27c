import { because } from '../../findings/because.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import { expand, type KserveConfig, readKserveConfig } from '../../payload/kserveConfig.ts'
import { isMap } from '../../basics/maps.ts'
import { parseJson } from '../../basics/json.ts'
import { applyMergePatch } from '../../basics/mergePatch.ts'
import type { Payload } from '../../payload/payload.ts'
import type { Spec } from '../../spec/spec.ts'
import { pointerStep } from '../../yaml/locate.ts'
import type { ImageSources } from '../images/sources.ts'
import { checkConfigPatch } from './checkPatch.ts'
import { checkConfigResult } from './checkResult.ts'
import { replaceImages } from './images.ts'
import { kserveConfigFields, requiredKeys } from './fields.ts'
import { kserveConfigDirectory } from './directory.ts'
import type { PlannedKserveConfig } from '../plan.ts'
import { checkTexts } from '../texts.ts'

const at = '/spec/kserve/config'

/**
 * KServe's whole configuration with the changes of `spec.kserve.config`, a JSON merge patch a key. Whole, because MicroShift
 * applies all directories as one field manager: what an override lacks is taken away. Keys that nobody changes keep the
 * payload's text. Source: facts/microshift.md, inferenceservice-config.
 */
export const planKserveConfig = (
  spec: Spec,
  payload: Payload,
  sources: ImageSources,
): { kserveConfig?: PlannedKserveConfig; asked: readonly string[]; findings: readonly Finding[] } => {
  const patch = spec.body.kserve?.config
  if (patch === undefined) return { asked: [], findings: [] }
  const { kserve } = payload
  if (kserve === undefined)
    return {
      asked: [],
      findings: [finding('kserve-config-no-kserve', { where: payload.label }, { pointer: at, on: 'key' })],
    }
  const directory = kserveConfigDirectory(
    kserve.manifestDirectory,
    [...kserve.neighbours, `090-${spec.name}-extra`, `100-${spec.name}`],
    spec.name,
  )
  if (directory === undefined)
    return {
      asked: [],
      findings: [
        finding('kserve-config-directory', { directory: kserve.manifestDirectory }, { pointer: at, on: 'key' }),
      ],
    }
  const { config, findings: read } = readKserveConfig(
    kserve.tree,
    kserve.manifestDirectory,
    kserve.directory,
    payload.releaseInfo.images,
  )
  if (config === undefined) return { asked: [], findings: read }

  const findings: Finding[] = checkTexts(patch, at)
  const data = new Map(config.data)
  for (const [key, change] of Object.entries(patch)) {
    // Nothing to change: the text stays.
    if (isMap(change) && Object.keys(change).length === 0 && data.has(key)) continue
    const result = patchKey(key, change, config, sources)
    findings.push(...result.findings)
    if (result.value === undefined) data.delete(key)
    else data.set(key, JSON.stringify(result.value, undefined, 2))
  }
  const replaced = replaceImages(data, config, sources)
  findings.push(...replaced.findings)
  const { namespace, labels, annotations } = config
  return {
    kserveConfig: { directory, namespace, labels, annotations, data: replaced.data },
    asked: replaced.asked,
    findings,
  }
}

/** One key with its changes; without a value when it is taken away. */
const patchKey = (
  key: string,
  change: unknown,
  config: KserveConfig,
  sources: ImageSources,
): { value?: unknown; findings: readonly Finding[] } => {
  const pointer = at + pointerStep(key)
  const known = [...new Set([...config.data.keys(), ...config.known.keys(), ...kserveConfigFields.keys()])].sort()
  if (!known.includes(key))
    return { findings: [finding('kserve-config-unknown', { name: key, of: 'key', known }, { pointer, on: 'key' })] }
  const before = parseJson(config.data.get(key) ?? '{}')
  if (change === null)
    return {
      findings: requiredKeys.includes(key)
        ? [
            finding(
              'kserve-config-required',
              { field: key, why: because('controller-ends-or-refuses') },
              { pointer, on: 'key' },
            ),
          ]
        : [],
    }
  if (!isMap(change)) return { findings: [finding('kserve-config-type', { value: change, expected: 'map' }, pointer)] }
  if (!isMap(before)) return { findings: [finding('kserve-config-no-json', { key }, { pointer, on: 'key' })] }

  const filled = fillIn(change, config.variables) as Readonly<Record<string, unknown>>
  const findings = checkConfigPatch(key, filled, config.known.get(key) ?? new Map(), pointer, sources)
  const value = applyMergePatch(before, filled) as Readonly<Record<string, unknown>>
  return { value, findings: [...findings, ...checkConfigResult(key, value, before, change, pointer)] }
}

/** Fills in `$(kserve-agent)` and the like, which users copy from the payload's file: nothing else would. */
const fillIn = (value: unknown, variables: ReadonlyMap<string, string>): unknown => {
  if (typeof value === 'string') return value.includes('$(') ? expand(value, variables) : value
  if (Array.isArray(value)) return value.map((item) => fillIn(item, variables))
  return isMap(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fillIn(child, variables)]))
    : value
}
