import type { HostedModel, ProbesDocument } from '../probes/document.ts'
import type { Probe } from '../probes/probe.ts'
import { type Fact, filled, isSo } from '../probes/when.ts'

/**
 * Why a probe is not asked, by the table of probes.json; undefined when it is. The same in jq: src/probes/jq/models.jq.
 *
 * @param known - what the run knows by then: `stop` is the check that stopped the model
 */
export const whySkipped = (
  { route, replicas }: Pick<HostedModel, 'route' | 'replicas'>,
  { skip: reason, path: whole, step }: Probe,
  { skips }: Pick<ProbesDocument, 'skips'>,
  {
    stop,
    ...known
  }: {
    readonly direct: boolean
    readonly counted: boolean
    readonly stop: string | undefined
    readonly zeros: Fact
  },
): string | undefined => {
  const path = whole.replace(/\?.*/, '')
  const below = route?.path
  const isThere = below === undefined || path === below || path.startsWith(`${below}/`)
  const facts = {
    ...known,
    own: reason !== undefined,
    route: route === undefined ? 'none' : isThere ? 'there' : 'elsewhere',
    several: replicas > 1,
    step,
    stopped: stop !== undefined,
  }
  const row = skips.find(({ when }) => isSo(when, facts))
  return row === undefined
    ? undefined
    : filled(row.says, { reason: reason ?? null, below: below ?? null, replicas, stop: stop ?? null })
}
