import { type Finding, finding } from '../../findings/finding.ts'
import type { ServingRuntime } from '../../kubernetes/types.ts'
import { recommendedAccelerators } from '../../payload/servingRuntime.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { PlannedAccelerator } from '../plan.ts'
import type { ArgumentOwner } from '../../servers/modelServer.ts'
import { optionValue } from '../../servers/options.ts'
import { optionSpelling, type Server } from '../../servers/recognise.ts'

const loopbacks = ['127.0.0.1', 'localhost', '::1']

const whyOwned: Readonly<Record<ArgumentOwner, string>> = {
  port: 'the Route, the probes and the Service follow the port of the ServingRuntime; change it with runtimePatches',
  model: 'KServe puts the model there',
  name: "clients send the InferenceService's name",
  key: 'every `ps` shows it; use auth',
  'bare-key':
    'every `ps` shows it, and the server takes it in no other way; restrict who may call with expose.allowFrom',
}

/** Looks for arguments that break what the runtime set up, for one that is missing, and for two that were written as one. */
export const checkArguments = ({ args = [] }: ModelSpec, { kind, subject }: Server, pointer: string): Finding[] => {
  const { ownedArguments: owned, hostArgument } = kind
  const host = hostArgument === undefined ? undefined : (optionValue(subject.words, [hostArgument]) ?? loopbacks[0])
  const unreachable =
    hostArgument !== undefined && loopbacks.some((one) => one === host)
      ? [finding('server-loopback', { server: kind.title, argument: hostArgument }, pointer)]
      : []
  if (owned === undefined) return unreachable
  const misused = args.flatMap((argument, index) => {
    const at = `${pointer}/args/${index}`
    const [name = ''] = optionSpelling(argument, kind).split(/[=\s]/)
    const why = Object.hasOwn(owned, name) ? owned[name] : undefined
    if (why !== undefined) return [finding('argument-owned', { argument: name, why: whyOwned[why] }, at)]
    return /^--[a-zA-Z][\w-]*\s/.test(argument) ? [finding('argument-space', { argument }, at)] : []
  })
  return [...unreachable, ...misused]
}

/** Looks whether the pod has what its server runs on, and uses what it has. */
export const checkAccelerator = (
  model: ModelSpec,
  runtime: ServingRuntime,
  { kind, subject }: Server,
  accelerator: PlannedAccelerator | undefined,
  pointer: string,
): Finding[] => {
  const recommended = recommendedAccelerators(runtime)
  const { limits = {}, requests = {} } = model.resources ?? {}
  const asked = new Set([...Object.keys(limits), ...Object.keys(requests)])
  const at = model.accelerator === undefined ? pointer : `${pointer}/accelerator`
  const isMissing =
    accelerator === undefined &&
    kind.runsOnCpu !== true &&
    recommended.length > 0 &&
    !recommended.some((identifier) => asked.has(identifier))
  if (isMissing) return [finding('accelerator-missing', { runtime: runtime.metadata.name, recommended }, at)]
  const count = accelerator?.count ?? recommended.reduce((sum, name) => sum + Number(limits[name] ?? 0), 0)
  const used = kind.acceleratorsUsed?.(subject.words)
  // Of a runtime with workers, pods of other nodes take their part.
  if (used === undefined || !(count > 0) || used === count || runtime.spec.workerSpec !== undefined) return []
  const args = { count, used, server: kind.title, argument: kind.parallelArgument ?? '' }
  return [finding(used < count ? 'accelerator-idle' : 'accelerator-short', args, at)]
}
