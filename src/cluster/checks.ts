import type { ClusterCause } from './causes.ts'
import { differencesOf, limited } from './drift.ts'
import type { Expected } from './expected.ts'
import type { LiveObject, LiveRoute } from './live.ts'
import { conditionInWords, type LiveModels, modelChecks } from './modelChecks.ts'
import { type ClusterCheck, type ClusterResult, failed, passed, type Read, skipped, unread } from './result.ts'

/** What the API server gave. */
export interface Live {
  /** Its phase. */
  readonly namespace: Read<string>
  /** KServe's configuration; absent when it was not asked for. */
  readonly config?: Read<LiveObject>
  /** What is in the namespace; absent when it was not asked for. */
  readonly objects?: LiveModels & {
    readonly runtimes: Read<readonly LiveObject[]>
    readonly routes: Read<readonly LiveRoute[]>
    /** What has no check of its own: kind → objects, of the kinds that the bundle has. */
    readonly others: Readonly<Record<string, Read<readonly LiveObject[]>>>
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
  const { namespace, models } = expected
  const { objects } = live
  const first = [namespaceCheck(namespace, live.namespace), configCheck(expected, live)]
  const others = otherKinds(expected).flatMap((kind) => namesOf(expected, kind).map((name) => ({ kind, name })))
  const runtimes = namesOf(expected, 'ServingRuntime')
  const routes = namesOf(expected, 'Route')
  if (objects === undefined) {
    const why = isHopeless(live.namespace)
      ? 'the API server gave nothing to go by'
      : live.namespace.ok
        ? `the namespace ${namespace} is being deleted`
        : `there is no namespace ${namespace}`
    return [
      ...first,
      ...others.map(({ kind, name }) => skipped('CLUSTER-OBJECT', otherSubject(kind, name), why)),
      ...runtimes.map((name) => skipped('CLUSTER-RUNTIME', name, why)),
      ...models.flatMap(({ name }) =>
        (['CLUSTER-SERVICE', 'CLUSTER-READY', 'CLUSTER-DEPLOYMENT', 'CLUSTER-IMAGES'] as const).map((id) =>
          skipped(id, name, why),
        ),
      ),
      ...routes.map((name) => skipped('CLUSTER-ROUTE', name, why)),
    ]
  }
  return [
    ...first,
    ...others.flatMap(({ kind, name }) => {
      const read = objects.others[kind]
      const causes = { missing: 'object-missing', other: 'object-other' } as const
      return read === undefined
        ? []
        : [objectCheck('CLUSTER-OBJECT', otherSubject(kind, name), expected, kind, name, read, causes)]
    }),
    ...runtimes.map((name) =>
      objectCheck('CLUSTER-RUNTIME', name, expected, 'ServingRuntime', name, objects.runtimes, {
        missing: 'runtime-missing',
        other: 'runtime-other',
        unknown: 'kserve-missing',
      }),
    ),
    ...models.flatMap((model) => modelChecks(model, expected, objects)),
    ...routes.map((name) => routeCheck(name, expected, objects.routes)),
  ]
}

/** Kinds with a check of their own, or without one because there is nothing to compare. */
const checkedKinds = ['Namespace', 'ConfigMap', 'ServingRuntime', 'InferenceService', 'Deployment', 'Route']

/** The kinds that the bundle has, and no check of their own is for. */
export const otherKinds = ({ objects }: Expected): string[] =>
  [...new Set([...objects.keys()].map((key) => key.split('/')[0] ?? ''))].filter((kind) => !checkedKinds.includes(kind))

const namesOf = ({ objects }: Expected, kind: string): string[] =>
  [...objects.keys()].filter((key) => key.startsWith(`${kind}/`)).map((key) => key.slice(kind.length + 1))

/** As `oc get` takes it. */
const otherSubject = (kind: string, name: string): string => `${kind.toLowerCase()}/${name}`

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

const configCheck = (expected: Expected, { config: live }: Live): ClusterResult => {
  const id = 'CLUSTER-CONFIG'
  const [subject = 'inferenceservice-config'] = namesOf(expected, 'ConfigMap')
  const wants = expected.objects.get(`ConfigMap/${subject}`)
  if (wants === undefined) return skipped(id, subject, "the bundle leaves KServe's configuration as the payload has it")
  if (live === undefined) return skipped(id, subject, 'the API server gave nothing to go by')
  const namespace = wants.metadata?.namespace ?? ''
  const what = `ConfigMap ${subject} of ${namespace} as in the bundle`
  if (!live.ok)
    return live.failure.cause === 'api-not-found'
      ? failed(id, subject, namespace, {
          cause: 'config-missing',
          expected: what,
          came: [live.failure.came],
          request: live.failure.request,
        })
      : unread(id, subject, expected.namespace, live.failure)
  const came = differencesOf(expected, `ConfigMap/${subject}`, live.value)
  return came.length === 0
    ? passed(id, subject)
    : failed(id, subject, namespace, {
        cause: 'config-drift',
        expected: what,
        came: limited(came),
        request: live.request,
      })
}

/** Holds an object to the bundle's. */
const objectCheck = (
  id: ClusterCheck,
  subject: string,
  expected: Expected,
  kind: string,
  name: string,
  live: Read<readonly LiveObject[]>,
  causes: { readonly missing: ClusterCause; readonly other: ClusterCause; readonly unknown?: ClusterCause },
): ClusterResult => {
  const { namespace } = expected
  const what = `${kind} ${name} as in the bundle`
  if (!live.ok)
    return live.failure.cause === 'api-not-found' && causes.unknown !== undefined
      ? failed(id, subject, namespace, {
          cause: causes.unknown,
          expected: what,
          came: [live.failure.came],
          request: live.failure.request,
        })
      : unread(id, subject, namespace, live.failure)
  const found = live.value.find((one) => one.name === name)
  const came = differencesOf(expected, `${kind}/${name}`, found)
  return came.length === 0
    ? passed(id, subject)
    : failed(id, subject, namespace, {
        cause: found === undefined ? causes.missing : causes.other,
        expected: what,
        came: limited(came),
        request: live.request,
      })
}

const routeCheck = (name: string, expected: Expected, live: Read<readonly LiveRoute[]>): ClusterResult => {
  const id = 'CLUSTER-ROUTE'
  const result = objectCheck(id, name, expected, 'Route', name, live, {
    missing: 'route-missing',
    other: 'route-other',
    unknown: 'routes-unknown',
  })
  if (result.verdict !== 'pass' || !live.ok) return result
  const { host } = (expected.objects.get(`Route/${name}`)?.['spec'] ?? {}) as { readonly host?: string }
  const said = (live.value.find((one) => one.name === name)?.ingress ?? [])
    .filter((one) => one.host === host)
    .flatMap(({ conditions }) => conditions.filter(({ type }) => type === 'Admitted'))
  if (said.some(({ status }) => status === 'True')) return result
  const { namespace } = expected
  const what = { expected: `Route ${name} for ${host ?? ''}, admitted`, request: live.request }
  return said.length === 0
    ? failed(id, name, namespace, { cause: 'route-not-seen', came: ['no router says anything of it'], ...what })
    : failed(id, name, namespace, { cause: 'route-not-admitted', came: said.map(conditionInWords), ...what })
}
