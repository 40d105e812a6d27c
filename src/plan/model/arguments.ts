import { type Finding, finding } from '../../findings/finding.ts'
import type { ServingRuntime } from '../../kubernetes/types.ts'
import { recommendedAccelerators } from '../../payload/servingRuntime.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { PlannedAccelerator } from '../plan.ts'
import { optionValue, type Server } from '../server.ts'

const portWhy =
  'the Route, the probes and the Service follow the port of the ServingRuntime; change it with runtimePatches'
const modelWhy = 'KServe puts the model there'

/** Arguments that the runtime sets and everything else relies on; a second one of the same name wins. */
const ownedArguments: Readonly<Partial<Record<Server['kind'], Readonly<Record<string, string>>>>> = {
  vllm: { '--port': portWhy, '--model': modelWhy, '--api-key': 'every `ps` shows it; use auth' },
  ovms: {
    '--rest_port': portWhy,
    '--port': portWhy,
    '--model_path': modelWhy,
    '--model_name': "clients send the InferenceService's name",
  },
}

/** Looks for arguments that break what the runtime set up, and for two that were written as one. */
export const checkArguments = ({ args = [] }: ModelSpec, { kind }: Server, pointer: string): Finding[] => {
  const owned = ownedArguments[kind]
  if (owned === undefined) return []
  return args.flatMap((argument, index) => {
    const at = `${pointer}/args/${index}`
    const [name = ''] = argument.split(/[=\s]/)
    const why = Object.hasOwn(owned, name) ? owned[name] : undefined
    if (why !== undefined) return [finding('argument-owned', { argument: name, why }, at)]
    return /^--[a-zA-Z][\w-]*\s/.test(argument) ? [finding('argument-space', { argument }, at)] : []
  })
}

/** Looks whether the pod has what its server runs on, and uses what it has. OVMS runs on a CPU as well. */
export const checkAccelerator = (
  model: ModelSpec,
  runtime: ServingRuntime,
  { kind }: Server,
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
      kind !== 'ovms' && recommended.length > 0 && !recommended.some((identifier) => asked.has(identifier))
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
  const isParallel =
    optionValue(model.args ?? [], [
      '--tensor-parallel-size',
      '-tp',
      '--pipeline-parallel-size',
      '-pp',
      '--data-parallel-size',
      '-dp',
    ]) !== undefined
  return kind === 'vllm' && accelerator.count > 1 && !isParallel
    ? [finding('accelerator-idle', { count: accelerator.count }, `${pointer}/accelerator`)]
    : []
}
