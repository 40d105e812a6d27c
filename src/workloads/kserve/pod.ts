import type { InferenceService, Resources, RuntimeContainer, ServingRuntime } from '../../kubernetes/types.ts'

/** KServe's name for the server's container. */
export const serverContainer = 'kserve-container'

/** An InferenceService's predictor may say anything that a pod may. */
interface Loose {
  readonly containers?: readonly RuntimeContainer[]
  readonly model: Readonly<Partial<RuntimeContainer>>
}

/**
 * The ServingRuntime with what the InferenceService changes of it, as KServe merges the two into a pod: arguments are appended,
 * the command and the image are replaced, variables go by name, resources key by key, containers by name. Source: KServe's
 * MergeRuntimeContainers and MergePodSpec (pkg/controller/v1beta1/inferenceservice/utils).
 *
 * @param service - final
 * @param runtime - final
 */
export const podOf = ({ spec }: InferenceService, runtime: ServingRuntime): ServingRuntime => {
  const { containers = [], model } = spec.predictor as unknown as Loose
  const own = new Map(containers.map((container) => [container.name, container]))
  const known = new Set(runtime.spec.containers.map(({ name }) => name))
  const merged = runtime.spec.containers.map((container) => {
    const withOwn = mergeContainer(container, own.get(container.name) ?? {})
    return container.name === serverContainer ? mergeContainer(withOwn, model) : withOwn
  })
  return {
    ...runtime,
    spec: { ...runtime.spec, containers: [...merged, ...containers.filter(({ name }) => !known.has(name))] },
  }
}

const mergeContainer = (base: RuntimeContainer, own: Readonly<Partial<RuntimeContainer>>): RuntimeContainer => {
  const { image, imagePullPolicy, command, args = [], env = [], ports = [], resources, readinessProbe } = own
  const resourcesOf = (kind: 'requests' | 'limits') => ({ ...base.resources?.[kind], ...resources?.[kind] })
  const merged: Resources = { requests: resourcesOf('requests'), limits: resourcesOf('limits') }
  return {
    ...base,
    ...(image === undefined ? {} : { image }),
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...(command === undefined ? {} : { command }),
    args: [...(base.args ?? []), ...args],
    env: mergeByName(base.env ?? [], env),
    ports: [...(base.ports ?? []), ...ports],
    resources: merged,
    ...(readinessProbe === undefined ? {} : { readinessProbe }),
  }
}

const mergeByName = <T extends { readonly name: string }>(base: readonly T[], own: readonly T[]): T[] => {
  const names = new Set(own.map(({ name }) => name))
  return [...base.filter(({ name }) => !names.has(name)), ...own]
}
