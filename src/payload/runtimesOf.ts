import { isMap } from '../basics/maps.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { pointerStep } from '../yaml/locate.ts'
import type { PayloadRuntime } from './payload.ts'
import { asServingRuntime } from './servingRuntime.ts'

/**
 * The ServingRuntimes among the YAML documents of a file, those in a List included (as `oc get -o yaml` prints it).
 *
 * @param documents - the file's documents
 * @param file - its name, for findings
 */
export const runtimesOf = (
  documents: readonly unknown[],
  file: string,
): { runtimes: PayloadRuntime[]; findings: Finding[] } => {
  const runtimes: PayloadRuntime[] = []
  const findings: Finding[] = []
  for (const { content, document, pointer } of documents.flatMap(withItems)) {
    if (!isMap(content)) continue
    const { apiVersion, kind, metadata } = content as {
      apiVersion?: unknown
      kind?: unknown
      metadata?: { name?: unknown }
    }
    if (typeof apiVersion !== 'string' || !apiVersion.startsWith('serving.kserve.io/')) continue
    const at = { file, document, pointer }
    if (kind === 'ClusterServingRuntime')
      findings.push(finding('runtime-cluster-scoped', { name: String(metadata?.name) }, at))
    if (kind !== 'ServingRuntime') continue
    const read = asServingRuntime(content)
    if ('why' in read) findings.push(finding('runtime-malformed', { why: read.why }, at))
    else runtimes.push({ ...at, object: read.object })
  }
  return { runtimes, findings }
}

const withItems = (content: unknown, document: number): { content: unknown; document: number; pointer: string }[] => {
  const { kind, items } = (content ?? {}) as { kind?: unknown; items?: unknown }
  return kind === 'List' && Array.isArray(items)
    ? items.map((item: unknown, index) => ({ content: item, document, pointer: `/items${pointerStep(index)}` }))
    : [{ content, document, pointer: '' }]
}
