import { type Finding, finding } from '../../findings/finding.ts'
import type { ModelSpec, TlsMode } from '../../spec/schema.ts'
import { byDefault, type Decision, decided, given, type Origin } from '../decision.ts'
import type { PlannedRoute } from '../plan.ts'
import { whyNoNetwork } from './network.ts'
import type { Server } from '../../servers/recognise.ts'

/** Longest label and longest name of DNS: facts/kserve.md, Route host labels. */
const longestLabel = 63
const longestHost = 253
/** How long the router waits for a generative server, whose answers outlast its own 30 s. */
const generativeTimeout = '300s'

/** What stands behind a Route. */
export interface RouteSubject {
  /** Name of the Route. */
  readonly name: string
  readonly backends: PlannedRoute['backends']
  /** Absent while the runtime is not known. */
  readonly behind?: { readonly targetPort: number; readonly server: Server; readonly runtime: string }
  /** Whether the server asks for an API key. */
  readonly apiKey: boolean
  /** Where the model or endpoint is in the spec. */
  readonly pointer: string
  /** Where a part of it was said. */
  readonly originOf: (...steps: readonly string[]) => (Origin & { readonly pointer: string }) | undefined
}

/** What Routes are planned within. */
export interface RouteContext {
  readonly namespace: string
  readonly baseDomain: Decision<string>
  /** The MicroShift release, where the payload tells. */
  readonly microshift?: string
}

/**
 * The Route of a model or an endpoint: its host as MicroShift's router would make it (`ROUTE-NAMESPACE.apps.BASEDOMAIN`,
 * facts/microshift.md, network), or the one that the spec gives.
 *
 * @param expose - the spec's field
 */
export const planRoute = (
  expose: ModelSpec['expose'],
  subject: RouteSubject,
  context: RouteContext,
): { route?: PlannedRoute; findings: readonly Finding[] } => {
  if (expose === false) return { findings: [] }
  const { host: own, tls = 'edge', allowFrom, timeout, certificateSecret } = typeof expose === 'object' ? expose : {}
  const { name, pointer, behind, originOf } = subject
  const baseDomain = context.baseDomain.value
  const at = originOf('expose')?.pointer ?? `${pointer}/expose`
  const findings = [
    ...checkTls(tls, subject, at),
    ...checkCertificate(certificateSecret ?? undefined, tls, context.microshift, at),
    ...checkAllowFrom(allowFrom, at),
    ...(typeof timeout === 'string' && !timeoutPattern.test(timeout)
      ? [finding('route-timeout', { value: timeout }, `${at}/timeout`)]
      : []),
  ]
  const label = `${name}-${context.namespace}`
  const host = own ?? routerHost(label, baseDomain)
  if (typeof own !== 'string' && label.length > longestLabel)
    findings.push(finding('host-label-too-long', { label, length: label.length }, `${pointer}/name`))
  else if (host.length > longestHost) findings.push(finding('host-too-long', { host }, `${pointer}/name`))
  if (tls === 'edge' && certificateSecret == null && typeof own === 'string' && !isCovered(own, baseDomain))
    findings.push(finding('host-certificate', { host, baseDomain }, `${at}/host`))
  if (findings.some(({ severity }) => severity === 'error') || behind === undefined) return { findings }

  const guarded = subject.apiKey ? behind.server.kind.apiKey?.guards : undefined
  const said = <T>(field: string, value: T): Decision<T> => given(value, originOf('expose', field) ?? byDefault)
  return {
    findings,
    route: {
      name,
      ...(typeof own === 'string'
        ? { host: said('host', host) }
        : { host: hostByRouter(label, context.baseDomain), hostLabel: label }),
      // The key guards that path alone: /metrics, /tokenize and others stay open (facts/kserve.md, From InferenceService to pods).
      ...(guarded === undefined
        ? {}
        : { path: decided(guarded, byDefault, { code: 'path-key', args: { path: guarded } }) }),
      tls:
        originOf('expose', 'tls') === undefined ? decided(tls, byDefault, { code: 'tls-default' }) : said('tls', tls),
      ...(typeof certificateSecret === 'string' ? { certificateSecret } : {}),
      ...(typeof timeout === 'string'
        ? { timeout: said('timeout', timeout) }
        : behind.server.kind.generative
          ? { timeout: decided(generativeTimeout, byDefault, { code: 'timeout-generative' }) }
          : {}),
      ...(allowFrom === undefined || allowFrom.length === 0 ? {} : { allowFrom: said('allowFrom', allowFrom) }),
      targetPort: behind.targetPort,
      backends: subject.backends,
    },
  }
}

const routerHost = (label: string, baseDomain: string): string => `${label}.apps.${baseDomain}`

/**
 * The host that follows the base domain, for the same reason.
 *
 * @param label - its first label
 */
export const hostByRouter = (label: string, { value, origin }: Decision<string>): Decision<string> =>
  decided(routerHost(label, value), origin, {
    code: 'host-router',
    args: { isDefault: origin.from === 'default' },
  })

/** The router's default certificate is for one label before `apps.BASEDOMAIN`: facts/microshift.md, network. */
const isCovered = (host: string, baseDomain: string): boolean =>
  host.endsWith(`.apps.${baseDomain}`) && !host.slice(0, -`.apps.${baseDomain}`.length).includes('.')

/** What the router reads; anything else silently becomes 30s. Source: facts/microshift.md, network. */
const timeoutPattern = /^[1-9][0-9]{0,8}(?:us|ms|s|m|h|d)?$/

const checkTls = (mode: TlsMode, { behind, apiKey }: RouteSubject, expose: string): Finding[] => {
  const at = `${expose}/tls`
  const needsServerTls = mode === 'reencrypt' || mode === 'passthrough'
  return [
    ...(apiKey && mode === 'passthrough' ? [finding('auth-passthrough', {}, at)] : []),
    ...(behind !== undefined && needsServerTls && !behind.server.tls
      ? [finding('route-without-tls', { mode, runtime: behind.runtime }, at)]
      : []),
    ...(behind !== undefined && !needsServerTls && behind.server.tls
      ? [finding('route-server-tls', { mode }, at)]
      : []),
  ]
}

const checkCertificate = (
  secret: string | undefined,
  mode: TlsMode,
  microshift: string | undefined,
  at: string,
): Finding[] => {
  if (secret === undefined) return []
  const pointer = `${at}/certificateSecret`
  if (mode !== 'edge' && mode !== 'reencrypt') return [finding('certificate-without-edge', { mode }, pointer)]
  if (microshift === undefined) return [finding('certificate-router-unknown', {}, pointer)]
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(microshift) ?? []
  return Number(major) > 4 || Number(minor) >= 20
    ? []
    : [finding('certificate-router-old', { release: microshift }, pointer)]
}

const checkAllowFrom = (allowFrom: readonly string[] | undefined, at: string): Finding[] =>
  (allowFrom ?? []).flatMap((value, index) => {
    const why = whyNoNetwork(value)
    return why === undefined ? [] : [finding('route-network', { value, why }, `${at}/allowFrom/${index}`)]
  })
