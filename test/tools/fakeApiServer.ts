import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { dump } from 'js-yaml'
import selfsigned from 'selfsigned'

/** An object as a cluster holds it. */
export interface FakeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

/** What the server does in place of an answer, for requests whose path ends so. */
export interface Fault {
  readonly path: string
  readonly does:
    | 'reset'
    | 'cut-body'
    | 'hang'
    | 'slow'
    | 'slow-body'
    | 'too-many'
    | 'too-many-for-long'
    | 'unavailable'
    | 'error'
    | 'expired'
    | 'html'
    | 'not-json'
    | 'no-list'
    | 'redirect'
  /** How often; always when left out. */
  times?: number
}

export interface FakeCluster {
  readonly objects: readonly FakeObject[]
  /** API groups that are not installed. */
  readonly absentGroups?: readonly string[]
  /** Roles and their bindings: what they do not grant is forbidden. Everything is granted when left out. */
  readonly rbac?: readonly FakeObject[]
  readonly faults?: readonly Fault[]
  /** Objects a page, at most, whatever is asked for. */
  readonly pageSize?: number
}

export interface FakeApiServer {
  readonly url: string
  readonly certificate: string
  /** `METHOD PATH?QUERY` of each request, as it came. */
  readonly requests: string[]
  readonly close: () => Promise<void>
}

export const someToken = 'token-of-edge-verify'
const user = 'system:serviceaccount:ai:edge-verify'

/** The resources that it knows, and the kinds of their objects. */
const resources: Readonly<Record<string, string>> = {
  namespaces: 'Namespace',
  pods: 'Pod',
  events: 'Event',
  configmaps: 'ConfigMap',
  deployments: 'Deployment',
  servingruntimes: 'ServingRuntime',
  inferenceservices: 'InferenceService',
  routes: 'Route',
  networkpolicies: 'NetworkPolicy',
  roles: 'Role',
  rolebindings: 'RoleBinding',
}

/**
 * A fake API server: HTTPS on loopback, and answers in the form of kube-apiserver's (lists in pages, Status objects, RBAC by
 * Roles). It is no Kubernetes: it holds the objects that a test gives it and changes none.
 */
export const startFakeApiServer = async (cluster: FakeCluster): Promise<FakeApiServer> => {
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'fake API server' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const faults = (cluster.faults ?? []).map((fault) => ({ ...fault }))
  const server: Server = createServer({ key, cert }, (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`)
    const url = new URL(request.url ?? '/', 'https://127.0.0.1')
    const fault = faults.find(({ path, times }) => url.pathname.endsWith(path) && times !== 0)
    const good = () => send(response, answer(cluster, request, url))
    if (fault?.times !== undefined) fault.times--
    if (fault === undefined) good()
    else misbehave(fault.does, request, response, good)
  })
  server.on('connection', (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate: cert,
    requests,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A kubeconfig for a server, as `oc` writes them. */
export const kubeconfigFor = (
  { url, certificate }: Pick<FakeApiServer, 'url' | 'certificate'>,
  token = someToken,
): string =>
  dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'device',
        cluster: { server: url, 'certificate-authority-data': Buffer.from(certificate).toString('base64') },
      },
    ],
    users: [{ name: 'edge-verify', user: { token } }],
    contexts: [{ name: 'device', context: { cluster: 'device', user: 'edge-verify', namespace: 'default' } }],
    'current-context': 'device',
  })

interface Reply {
  readonly status: number
  /** Text goes as it is. */
  readonly body: object | string
  readonly headers?: Readonly<Record<string, string>>
}

const send = (response: ServerResponse, { status, body, headers = {} }: Reply): void => {
  const isText = typeof body === 'string'
  response
    .writeHead(status, { 'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers })
    .end(isText ? body : JSON.stringify(body))
}

const failure = (
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
  headers,
})

/** What comes in place of an answer. */
const replies: Partial<Readonly<Record<Fault['does'], Reply>>> = {
  'too-many': failure(429, 'TooManyRequests', 'too many requests, please try again later', { 'Retry-After': '1' }),
  'too-many-for-long': failure(429, 'TooManyRequests', 'too many requests, please try again later', {
    'Retry-After': '3600',
  }),
  unavailable: { status: 503, body: 'apiserver is shutting down' },
  error: failure(500, 'InternalError', 'Internal error occurred: etcdserver: leader changed'),
  expired: failure(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  ),
  html: { status: 404, body: '<html><body>Not here</body></html>', headers: { 'Content-Type': 'text/html' } },
  'not-json': { status: 200, body: '{"kind": "PodList", "items": [' },
  'no-list': { status: 200, body: { kind: 'Table', rows: [] } },
  redirect: { status: 302, body: '', headers: { Location: 'https://192.0.2.1/' } },
}

const misbehave = (does: Fault['does'], request: IncomingMessage, response: ServerResponse, good: () => void): void => {
  const reply = replies[does]
  if (reply !== undefined) send(response, reply)
  else if (does === 'reset') request.socket.destroy()
  else if (does === 'cut-body')
    response.writeHead(200, { 'Content-Length': '1000' }).write('{"kind":', () => request.socket.destroy())
  else if (does === 'slow') setTimeout(good, 500)
  else if (does === 'slow-body') response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"kind":')
}

const answer = (
  { objects, absentGroups = [], rbac, pageSize = Infinity }: FakeCluster,
  { method, headers }: IncomingMessage,
  url: URL,
): Reply => {
  if (method !== 'GET') return failure(405, 'MethodNotAllowed', 'the fake is read-only')
  if (headers.authorization !== `Bearer ${someToken}`) return failure(401, 'Unauthorized', 'Unauthorized')
  const [, core, group = '', version = '', rest = ''] =
    /^\/(?:(api)|apis\/([^/]+))\/([^/]+)\/(.+)$/.exec(url.pathname) ?? []
  const steps = rest.split('/').map(decodeURIComponent)
  const [namespace, resource = '', name] =
    steps[0] === 'namespaces' && steps.length > 2
      ? [steps[1], steps[2], steps[3]]
      : [steps[0] === 'namespaces' ? steps[1] : undefined, steps[0], steps[1]]
  const kind = resources[resource]
  const verb = name === undefined ? 'list' : 'get'
  if (
    rbac !== undefined &&
    !isGranted(rbac, {
      verb,
      group,
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    })
  ) {
    return failure(
      403,
      'Forbidden',
      `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" in the namespace "${namespace ?? ''}"`,
    )
  }
  if (kind === undefined || absentGroups.includes(group)) return { status: 404, body: '404 page not found\n' }
  const apiVersion = core === undefined ? `${group}/${version}` : version
  const own = objects.filter(
    (object) =>
      object.kind === kind &&
      object.apiVersion === apiVersion &&
      (resource === 'namespaces' || object.metadata.namespace === namespace),
  )
  if (name === undefined) return page(own, kind, apiVersion, url.searchParams, pageSize)
  const found = own.find(({ metadata }) => metadata.name === name)
  return found === undefined
    ? failure(404, 'NotFound', `${resource} "${name}" not found`)
    : { status: 200, body: found }
}

/** A page of a list; the token for the next one says where it begins. */
const page = (
  own: readonly FakeObject[],
  kind: string,
  apiVersion: string,
  asked: URLSearchParams,
  pageSize: number,
): Reply => {
  const [, type] = /(?:^|,)type=(\w+)/.exec(asked.get('fieldSelector') ?? '') ?? []
  const selected = own.filter((object) => type === undefined || object['type'] === type)
  const start = Number(Buffer.from(asked.get('continue') ?? '', 'base64').toString() || 0)
  const end = start + Math.min(Number(asked.get('limit') ?? Infinity), pageSize)
  const left = selected.length - end
  // The items of a list go without kind and apiVersion.
  const items = selected.slice(start, end).map(({ kind: _, apiVersion: __, ...item }) => item)
  return {
    status: 200,
    body: {
      kind: `${kind}List`,
      apiVersion,
      metadata: {
        resourceVersion: '4711',
        ...(left > 0 ? { continue: Buffer.from(String(end)).toString('base64'), remainingItemCount: left } : {}),
      },
      items,
    },
  }
}

interface Asked {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
}

/** RBAC as kube-apiserver has it, as far as Roles go. */
const isGranted = (rbac: readonly FakeObject[], { verb, group, resource, namespace, name }: Asked): boolean =>
  rbac
    .filter(({ kind, metadata }) => kind === 'RoleBinding' && metadata.namespace === namespace)
    .filter((binding) =>
      (binding['subjects'] as readonly { kind: string; name: string; namespace: string }[]).some(
        (subject) => `system:serviceaccount:${subject.namespace}:${subject.name}` === user,
      ),
    )
    .flatMap((binding) =>
      rbac.filter(
        ({ kind, metadata }) =>
          kind === 'Role' &&
          metadata.namespace === namespace &&
          metadata.name === (binding['roleRef'] as { name: string }).name,
      ),
    )
    .flatMap(
      (role) =>
        role['rules'] as readonly {
          apiGroups: string[]
          resources: string[]
          resourceNames?: string[]
          verbs: string[]
        }[],
    )
    .some(
      ({ apiGroups, resources: granted, resourceNames, verbs }) =>
        apiGroups.includes(group) &&
        granted.includes(resource) &&
        verbs.includes(verb) &&
        (resourceNames === undefined || (name !== undefined && resourceNames.includes(name))),
    )
