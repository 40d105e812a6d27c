import { createHash } from 'node:crypto'
import { type Finding, finding } from '../findings/finding.ts'
import { parseYaml } from '../yaml/parse.ts'
import { pointerKeys } from '../yaml/locate.ts'
import { findNotYet } from './notYet.ts'
import type { SpecFile } from './schema.ts'
import { schemaFindings } from './schemaFindings.ts'
import { defaultBaseDomain, type Placed, type Spec } from './spec.ts'

export interface ParsedSpec {
  /** What can be planned with; absent when nothing can. */
  readonly spec?: Spec
  readonly findings: readonly Finding[]
}

/** Lists whose items are checked each for itself, and what stands where the schema refuses one: those behind it keep their places. */
const itemwise: Readonly<Record<string, object>> = {
  models: { name: 'refused', source: 'refused', format: 'refused' },
  sites: { name: 'refused' },
  endpoints: { name: 'refused', to: {} },
}
/** Stands where metadata was: the name decides nothing that a check needs. */
const refusedMetadata = { name: 'refused' }

/**
 * Reads a spec file. What the schema refuses is reported and left out, so that the rest can be checked in the same run.
 *
 * @param text - the file's text
 */
export const parseSpec = (text: string): ParsedSpec => {
  const yaml = parseYaml(text)
  if (!yaml.ok)
    return {
      findings: [finding('yaml-syntax', { reason: yaml.problem.reason }, { pointer: '', offset: yaml.problem.offset })],
    }
  if (yaml.documents.length !== 1)
    return { findings: [finding('yaml-documents', { count: yaml.documents.length }, '')] }

  let findings: Finding[] = []
  const refused = new Set<unknown>()
  let root = yaml.documents[0]
  // Each round leaves out what the one before refused; a field that is missing takes its parent with it.
  for (let round = 0; round < 8; round++) {
    const found = schemaFindings(root)
    if (found.length === 0) {
      findings = findings.concat(findNotYet(root))
      if (round === 0 && ((root as SpecFile).spec?.models ?? []).length === 0)
        findings.push(finding('no-models', {}, '/spec'))
      return { spec: toSpec(root as SpecFile, refused, text), findings }
    }
    // Later rounds only see what the first one caused.
    if (round === 0) findings = found.map(({ finding }) => finding)
    root = structuredClone(root)
    for (const { refuse } of found) {
      const keys = pointerKeys(refuse)
      if (keys.length === 0 || (keys.length === 1 && ['apiVersion', 'kind', 'spec'].includes(keys[0] ?? '')))
        return { findings }
      leaveOut(root, keys, refused)
    }
  }
  return { findings }
}

/** Takes a part out of a spec file: metadata as a whole, an item of an itemwise list, any other list with a bad item as a whole, any other field alone. */
const leaveOut = (root: unknown, keys: readonly string[], refused: Set<unknown>): void => {
  if (keys[0] === 'metadata') {
    Object.assign(root as object, { metadata: refusedMetadata })
    return
  }
  let parent = root
  for (const [index, key] of keys.entries()) {
    if (typeof parent !== 'object' || parent === null) return
    const child = (parent as Record<string, unknown>)[key]
    const placeholder = index === 1 && keys[0] === 'spec' ? itemwise[key] : undefined
    if (placeholder !== undefined && keys.length === 3 && Array.isArray(child)) {
      child[Number(keys[2])] = structuredClone(placeholder)
      refused.add(`${key}/${keys[2]}`)
      return
    }
    if (index === keys.length - 1 || (Array.isArray(child) && placeholder === undefined)) {
      Reflect.deleteProperty(parent, key)
      return
    }
    parent = child
  }
}

const toSpec = (file: SpecFile, refused: ReadonlySet<unknown>, text: string): Spec => {
  const { models, sites, endpoints, ...body } = file.spec ?? {}
  const place = <T>(list: readonly T[] | undefined, field: string): Placed<T>[] =>
    (list ?? [])
      .map((value, index) => ({ pointer: `/spec/${field}/${index}`, value }))
      .filter((_, index) => !refused.has(`${field}/${index}`))
  return {
    name: file.metadata.name,
    namespace: body.namespace ?? file.metadata.name,
    baseDomain: body.baseDomain ?? defaultBaseDomain,
    body,
    models: place(models, 'models'),
    sites: place(sites, 'sites'),
    endpoints: place(endpoints, 'endpoints'),
    sha256: createHash('sha256').update(text).digest('hex'),
  }
}
