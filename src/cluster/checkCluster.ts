import { parseJson } from '../basics/json.ts'
import type { BundleManifest } from '../bundle/manifest.ts'
import { readListed, readWhole } from '../bundle/read.ts'
import { InputError } from '../errors.ts'
import { didYouMean } from '../findings/near.ts'
import type { ExpectedDocument } from '../kubernetes/compared.ts'
import { configRead, resourceName, workloadReads } from '../kubernetes/clusterReads.ts'
import { bundleLayout } from '../layout.ts'
import { configMapName } from '../kubernetes/names.ts'
import { type Api, makeApi } from './api.ts'
import { checkObjects, hasObjects, isHopeless, type Live, otherKinds } from './checks.ts'
import { type Expected, expectedAt, objectsAt } from './expected.ts'
import { hasShapes, isExpectedDocument } from './expectedShape.ts'
import { liveObject } from './live.ts'
import type { ClusterResult } from './result.ts'

export interface ClusterOptions {
  /** The site that the device is at; the base when left out. */
  readonly site?: string
  readonly kubeconfig: string
  /** A context of the kubeconfig; its current one when left out. */
  readonly context?: string
  /** Names of models: what they need, and nothing else. All when left out. */
  readonly models?: readonly string[]
  /** For one attempt of a request. */
  readonly timeoutSeconds: number
  /** Ends it; what comes then says nothing of the cluster. */
  readonly signal?: AbortSignal
}

/**
 * Holds what is inside a cluster to what a bundle applies there, by reading alone. probes/rbac.yaml of the bundle grants what
 * it needs.
 *
 * @param bundle - directory of the bundle
 * @returns a result a check, in the order: namespace, configuration, runtimes, models, Routes
 * @throws InputError for a bundle, a site, a model or a kubeconfig that cannot be used; EnvironmentError
 */
export const checkCluster = async (bundle: string, options: ClusterOptions): Promise<ClusterResult[]> =>
  (await openCluster(bundle, options))()

/** Does all of checkCluster that may find wrong input, and gives what is left: the asking. */
export const openCluster = async (bundle: string, options: ClusterOptions): Promise<() => Promise<ClusterResult[]>> => {
  const expected = expectedOf(bundle, options)
  const { connect } = await import('./client.ts')
  const api = makeApi(connect(options.kubeconfig, options.context), options.timeoutSeconds, options.signal)
  return async () => {
    const live = await readCluster(expected, api)
    const results = checkObjects(expected, live)
    // Events say why pods do not run, and nothing of pods that do.
    if (
      live.objects === undefined ||
      !results.some(({ id, verdict }) => id === 'CLUSTER-DEPLOYMENT' && verdict === 'fail')
    )
      return results
    const events = await api.list(workloadReads.events, expected.namespace, liveObject.event, {
      fieldSelector: 'type=Warning',
    })
    return checkObjects(expected, { ...live, objects: { ...live.objects, events } })
  }
}

/** One question first: where nobody answers it, the others would only wait as well. */
const readCluster = async (expected: Expected, api: Api): Promise<Live> => {
  const name = expected.namespace
  const namespace = await api.get(workloadReads.namespace, name, name, liveObject.phase)
  if (isHopeless(namespace)) return { namespace }
  const config = expected.objects.get(`ConfigMap/${configMapName}`)?.metadata?.namespace
  const [data, objects] = await Promise.all([
    config === undefined ? undefined : api.get(configRead, config, configMapName, liveObject.object),
    hasObjects(namespace) ? readObjects(expected, api) : undefined,
  ])
  return { namespace, ...(data === undefined ? {} : { config: data }), ...(objects === undefined ? {} : { objects }) }
}

const readObjects = async (expected: Expected, { list }: Api): Promise<NonNullable<Live['objects']>> => {
  const { namespace } = expected
  const { runtimes, services, deployments, routes, pods } = workloadReads
  const others = otherKinds(expected).flatMap((kind) => {
    const read = Object.values(workloadReads).find((one) => resourceName(one) === expected.kinds[kind]?.resource)
    return read === undefined ? [] : [{ kind, read }]
  })
  const [runtimeList, serviceList, deploymentList, routeList, podList, ...otherLists] = await Promise.all([
    list(runtimes, namespace, liveObject.object),
    list(services, namespace, liveObject.service),
    list(deployments, namespace, liveObject.deployment),
    list(routes, namespace, liveObject.route),
    list(pods, namespace, liveObject.pod),
    ...others.map(async ({ kind, read }) => [kind, await list(read, namespace, liveObject.object)] as const),
  ])
  return {
    runtimes: runtimeList,
    services: serviceList,
    deployments: deploymentList,
    routes: routeList,
    pods: podList,
    others: Object.fromEntries(otherLists),
  }
}

/** What the bundle expects, when its files are as edge wrote them. */
const expectedOf = (bundle: string, { site, models }: ClusterOptions): Expected => {
  const manifest = readWhole(bundle)
  const { sites } = manifest
  if (site !== undefined && !sites.includes(site))
    throw new InputError(`the bundle has no site "${site}"`, {
      help: didYouMean(site, sites) ?? `sites: ${sites.slice(0, 20).join(', ') || 'none'}`,
    })
  const document = readDocument(bundle, manifest)
  if (!hasShapes(objectsAt(document, site))) throw noDocument(bundle)
  const expected = expectedAt(document, manifest, {
    ...(site === undefined ? {} : { site }),
    ...(models === undefined ? {} : { models }),
  })
  const missing = models?.find((model) => !expected.models.some(({ name }) => name === model))
  if (missing !== undefined)
    throw new InputError(
      `there is no model "${missing}"${site === undefined ? ' in the base of the bundle' : ` at ${site}`}`,
      {
        help:
          didYouMean(
            missing,
            manifest.models.map(({ name }) => name),
          ) ??
          `models: ${manifest.models
            .slice(0, 20)
            .map(({ name }) => name)
            .join(', ')}`,
      },
    )
  return expected
}

const readDocument = (bundle: string, manifest: BundleManifest): ExpectedDocument => {
  if (!Object.hasOwn(manifest.files, bundleLayout.expected))
    throw new InputError(`${bundle} does not say what is expected in a cluster: an older edge made it`, {
      help: 'generate it again',
    })
  const document = parseJson(readListed(bundle, manifest, bundleLayout.expected))
  if (!isExpectedDocument(document)) throw noDocument(bundle)
  return document
}

/** It may come from strangers, with checksums that fit. */
const noDocument = (bundle: string): InputError =>
  new InputError(`${bundle}: ${bundleLayout.expected} is not what edge writes`)
