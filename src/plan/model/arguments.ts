import { type Finding, finding } from '../../findings/finding.ts'
import type { ServingRuntime } from '../../kubernetes/types.ts'
import { recommendedAccelerators } from '../../payload/servingRuntime.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { PlannedAccelerator } from '../plan.ts'
import type { ArgumentOwner } from '../../servers/modelServer.ts'
import type { Server } from '../../servers/recognise.ts'

const whyOwned: Readonly<Record<ArgumentOwner, string>> = {
  port: 'the Route, the probes and the Service follow the port of the ServingRuntime; change it with runtimePatches',
  model: 'KServe puts the model there',
  name: "clients send the InferenceService's name",
  key: 'every `ps` shows it; use auth',
}

/** Looks for arguments that break what the runtime set up, and for two that were written as one. */
export const checkArguments = ({ args = [] }: ModelSpec, { kind }: Server, pointer: string): Finding[] => {
  const { ownedArguments: owned } = kind
  if (owned === undefined) return []
  return args.flatMap((argument, index) => {
    const at = `${pointer}/args/${index}`
    const [name = ''] = argument.split(/[=\s]/)
    const why = Object.hasOwn(owned, name) ? owned[name] : undefined
    if (why !== undefined) return [finding('argument-owned', { argument: name, why: whyOwned[why] }, at)]
    return /^--[a-zA-Z][\w-]*\s/.test(argument) ? [finding('argument-space', { argument }, at)] : []
  })
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
  const asked = new Set([
    ...Object.keys(model.resources?.limits ?? {}),
    ...Object.keys(model.resources?.requests ?? {}),
  ])
  if (accelerator === undefined) {
    const isMissing =
      kind.runsOnCpu !== true && recommended.length > 0 && !recommended.some((identifier) => asked.has(identifier))
    return isMissing
      ? [
          finding(
            'accelerator-missing',
            { runtime: runtime.metadata.name, recommended },
            model.accelerator === undefined ? pointer : `${pointer}/accelerator`,
          ),
        ]
      : []
  }
  const used = kind.acceleratorsUsed?.(subject.words)
  return accelerator.count > 1 && used === 1
    ? [finding('accelerator-idle', { count: accelerator.count }, `${pointer}/accelerator`)]
    : []
}
