import { configDrift } from './configDrift.ts'
import type { Expected, ExpectedRoute, ExpectedRuntime } from './expected.ts'
import type { LiveRoute, LiveRuntime } from './live.ts'
import { conditionInWords, type LiveModels, modelChecks } from './modelChecks.ts'
import { type ClusterResult, failed, passed, type Read, type ReadFailure, skipped, unread } from './result.ts'

/** What the API server gave. */
export interface Live {
  /** Its phase. */
  readonly namespace: Read<string>
  /** The ConfigMap's data; absent when it was not asked for. */
  readonly config?: Read<Readonly<Record<string, string>>>
  /** What is in the namespace; absent when it was not asked for. */
  readonly objects?: LiveModels & {
    readonly runtimes: Read<readonly LiveRuntime[]>
    readonly routes: Read<readonly LiveRoute[]>
  }
}

/** Whether an answer about the namespace says that nothing else can be read either. */
export const isHopeless = (namespace: Read<unknown>): boolean =>
  !namespace.ok && namespace.failure.cause !== 'api-forbidden' && namespace.failure.cause !== 'api-not-found'

/** Whether there is something in the namespace to look at. */
export const hasObjects = (namespace: Read<string>): boolean =>
  namespace.ok ? namespace.value !== 'Terminating' : namespace.failure.cause === 'api-forbidden'

/**
 * Holds what is in a cluster to what the bundle expects there.
 *
 * @param expected - of one site
 * @param live - what was read; what is not there is left out of the checks, with the reason
 */
export const checkObjects = (expected: Expected, live: Live): ClusterResult[] => {
  const { namespace, runtimes, models, routes } = expected
  const { objects } = live
  const first = [namespaceCheck(namespace, live.namespace), configCheck(expected, live)]
  if (objects === undefined) {
    const why = isHopeless(live.namespace)
      ? 'the API server gave nothing to go by'
      : live.namespace.ok
        ? `the namespace ${namespace} is being deleted`
        : `there is no namespace ${namespace}`
    return [
      ...first,
      ...runtimes.map(({ name }) => skipped('CLUSTER-RUNTIME', name, why)),
      ...models.flatMap(({ name }) =>
        (['CLUSTER-SERVICE', 'CLUSTER-READY', 'CLUSTER-DEPLOYMENT', 'CLUSTER-IMAGES'] as const).map((id) =>
          skipped(id, name, why),
        ),
      ),
      ...routes.map(({ name }) => skipped('CLUSTER-ROUTE', name, why)),
    ]
  }
  return [
    ...first,
    ...runtimes.map((runtime) => runtimeCheck(runtime, namespace, objects.runtimes)),
    ...models.flatMap((model) => modelChecks(model, namespace, objects)),
    ...routes.map((route) => routeCheck(route, namespace, objects.routes)),
  ]
}

const namespaceCheck = (name: string, live: Read<string>): ClusterResult => {
  const id = 'CLUSTER-NAMESPACE'
  const expected = `namespace ${name}`
  if (!live.ok)
    return live.failure.cause === 'api-not-found'
      ? failed(id, name, name, {
          cause: 'namespace-missing',
          expected,
          came: [live.failure.came],
          request: live.failure.request,
        })
      : unread(id, name, name, live.failure)
  return live.value === 'Terminating'
    ? failed(id, name, name, {
        cause: 'namespace-ending',
        expected,
        came: ['its phase is Terminating'],
        request: live.request,
      })
    : passed(id, name)
}

const configCheck = ({ config, namespace }: Expected, { config: live }: Live): ClusterResult => {
  const id = 'CLUSTER-CONFIG'
  const subject = 'inferenceservice-config'
  if (config === undefined)
    return skipped(id, subject, "the bundle leaves KServe's configuration as the payload has it")
  if (live === undefined) return skipped(id, subject, 'the API server gave nothing to go by')
  const expected = `inferenceservice-config of ${config.namespace} as in ${config.file}`
  if (!live.ok)
    return live.failure.cause === 'api-not-found'
      ? failed(id, subject, config.namespace, {
          cause: 'config-missing',
          expected,
          came: [live.failure.came],
          request: live.failure.request,
        })
      : unread(id, subject, namespace, live.failure)
  const came = configDrift(config.data, live.value)
  return came.length === 0
    ? passed(id, subject)
    : failed(id, subject, config.namespace, {
        cause: 'config-drift',
        expected: `${expected} (its values stand after -, those of the cluster after +)`,
        came,
        request: live.request,
      })
}

/** A list that could not be read: its kind is unknown there, or nothing is known. */
const listFailed = (
  id: 'CLUSTER-RUNTIME' | 'CLUSTER-ROUTE',
  subject: string,
  namespace: string,
  expected: string,
  failure: ReadFailure,
): ClusterResult =>
  failure.cause === 'api-not-found'
    ? failed(id, subject, namespace, {
        cause: id === 'CLUSTER-ROUTE' ? 'routes-unknown' : 'kserve-missing',
        expected,
        came: [failure.came],
        request: failure.request,
      })
    : unread(id, subject, namespace, failure)

const runtimeCheck = (
  { name, images }: ExpectedRuntime,
  namespace: string,
  live: Read<readonly LiveRuntime[]>,
): ClusterResult => {
  const id = 'CLUSTER-RUNTIME'
  const expected = `ServingRuntime ${name} with ${images.map(({ container, reference }) => `${container}: ${reference}`).join(', ')}`
  if (!live.ok) return listFailed(id, name, namespace, expected, live.failure)
  const { request } = live
  const found = live.value.find((one) => one.name === name)
  if (found === undefined)
    return failed(id, name, namespace, {
      cause: 'runtime-missing',
      expected,
      came: [`no ServingRuntime ${name}`],
      request,
    })
  const came = images.flatMap(({ container, reference }) => {
    const image = found.images.get(container)
    return image === reference ? [] : [image === undefined ? `no container ${container}` : `${container}: ${image}`]
  })
  return came.length === 0
    ? passed(id, name)
    : failed(id, name, namespace, { cause: 'runtime-other-image', expected, came, request })
}

const routeCheck = (route: ExpectedRoute, namespace: string, live: Read<readonly LiveRoute[]>): ClusterResult => {
  const id = 'CLUSTER-ROUTE'
  const { name, host } = route
  const target = (path: string, services: readonly string[], port: string) =>
    `${path === '' ? '' : `path ${path}, `}to ${services.join(' and ')}, port ${port}`
  const leadsTo = target(route.path ?? '', route.services, String(route.targetPort))
  const expected = `Route ${name} for ${host}, ${leadsTo}, admitted`
  if (!live.ok) return listFailed(id, name, namespace, expected, live.failure)
  const { request } = live
  const found = live.value.find((one) => one.name === name)
  if (found === undefined)
    return failed(id, name, namespace, { cause: 'route-missing', expected, came: [`no Route ${name}`], request })
  const foundTarget = target(found.path, found.services, found.targetPort)
  if (found.host !== host || foundTarget !== leadsTo)
    return failed(id, name, namespace, {
      cause: 'route-other',
      expected,
      came: [`for ${found.host}, ${foundTarget}`],
      request,
    })
  const said = found.ingress
    .filter((one) => one.host === host)
    .flatMap(({ conditions }) => conditions.filter(({ type }) => type === 'Admitted'))
  if (said.some(({ status }) => status === 'True')) return passed(id, name)
  return said.length === 0
    ? failed(id, name, namespace, {
        cause: 'route-not-seen',
        expected,
        came: ['no router says anything of it'],
        request,
      })
    : failed(id, name, namespace, { cause: 'route-not-admitted', expected, came: said.map(conditionInWords), request })
}
