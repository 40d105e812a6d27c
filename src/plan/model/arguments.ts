import { type Finding, finding, type Location } from '../../findings/finding.ts'
import type { ServingRuntime } from '../../kubernetes/types.ts'
import { recommendedAccelerators } from '../../payload/servingRuntime.ts'
import type { ModelFacts } from '../../workloads/workload.ts'
import { optionValue } from '../../servers/options.ts'
import type { ModelServer } from '../../servers/modelServer.ts'
import { optionSpelling, type Server } from '../../servers/recognise.ts'

/** Whose an argument is that a model cannot set; undefined for one that it can. */
const ownerOf = (argument: string, kind: ModelServer) => {
  const [name = ''] = optionSpelling(argument, kind).split(/[=\s]/)
  const why = Object.hasOwn(kind.ownedArguments ?? {}, name) ? kind.ownedArguments?.[name] : undefined
  return why === undefined ? undefined : { name, why, isKey: why === 'key' || why === 'bare-key' }
}

/** Whether an argument gives the server its API key: that it cannot be set here says all that there is to say of it. */
export const isKeyArgument = (argument: string, kind: ModelServer): boolean => ownerOf(argument, kind)?.isKey === true

const loopbacks = ['127.0.0.1', 'localhost', '::1']

/**
 * Looks for arguments of the final object that break what the runtime set up, for one that is missing, and for two that were
 * written as one.
 *
 * @param args - those that the model adds
 * @param pointer - where the model is
 * @param placeOf - where an argument was said, by its index
 */
export const checkArguments = (
  args: readonly string[],
  { kind, subject }: Server,
  pointer: string,
  placeOf: (index: number) => Location | string,
): Finding[] => {
  const { ownedArguments, hostArgument } = kind
  const host = hostArgument === undefined ? undefined : (optionValue(subject.words, [hostArgument]) ?? loopbacks[0])
  const unreachable =
    hostArgument !== undefined && loopbacks.some((one) => one === host)
      ? [finding('server-loopback', { server: kind.title, argument: hostArgument }, pointer)]
      : []
  if (ownedArguments === undefined) return unreachable
  const misused = args.flatMap((argument, index) => {
    const owner = ownerOf(argument, kind)
    if (owner !== undefined) {
      const { name, why, isKey } = owner
      const place = placeOf(index)
      // The line is not shown where a key stands in it.
      const at = isKey ? { ...(typeof place === 'string' ? { pointer: place } : place), secret: true as const } : place
      return [finding('argument-owned', { argument: name, why }, at)]
    }
    return /^--[a-zA-Z][\w-]*\s/.test(argument) ? [finding('argument-space', { argument }, placeOf(index))] : []
  })
  return [...unreachable, ...misused]
}

/**
 * Looks whether the pod has what its server runs on, uses what it has, and has what it uses: from all arguments, the runtime's
 * too.
 *
 * @param runtime - the ServingRuntime, for what it recommends
 * @param placeOf - where the devices were said
 */
export const checkAccelerators = (
  { accelerators, own: { resources } }: ModelFacts,
  runtime: ServingRuntime,
  { kind, subject }: Server,
  placeOf: (what?: 'parallel') => Location | string,
): Finding[] => {
  const recommended = recommendedAccelerators(runtime)
  const asked = new Set([...Object.keys(resources.limits ?? {}), ...Object.keys(resources.requests ?? {})])
  const isMissing = kind.runsOnCpu !== true && recommended.length > 0 && !recommended.some((one) => asked.has(one))
  const [[, count] = ['', 0]] = Object.entries(accelerators)
  if (isMissing && count === 0)
    return [finding('accelerator-missing', { runtime: runtime.metadata.name, recommended }, placeOf())]
  const used = kind.acceleratorsUsed?.(subject.words)
  // Of a runtime with workers, pods of other nodes take their part.
  if (used === undefined || count === 0 || used === count || runtime.spec.workerSpec !== undefined) return []
  const args = { count, used, server: kind.title, argument: kind.parallelArgument ?? '' }
  return used < count
    ? [finding('accelerator-idle', args, placeOf())]
    : [finding('accelerator-short', args, placeOf('parallel'))]
}
