import type { RequestOptions } from 'node:https'
import { parseJson } from '../basics/json.ts'
import { isMap, mapOf } from '../basics/maps.ts'
import { backOff, retry } from '../basics/system/retry.ts'
import { type ClusterRead, readPath, resourceName } from '../kubernetes/clusterReads.ts'
import type { ClusterCause } from './causes.ts'
import { askOnce, type Reply } from './request.ts'
import type { Read } from './result.ts'

/** An API server, and how it is spoken to. */
export interface Connection {
  /** `https://HOST:PORT`, and a path where the kubeconfig has one. */
  readonly server: string
  /** Agent and headers for a request: programs may be run for a token. Throws what went wrong. */
  readonly options: () => Promise<RequestOptions>
}

/** Reads objects; writes nothing. */
export interface Api {
  readonly get: <T>(
    read: ClusterRead,
    namespace: string,
    name: string,
    take: (object: unknown) => T,
  ) => Promise<Read<T>>
  readonly list: <T>(
    read: ClusterRead,
    namespace: string,
    take: (object: unknown) => T,
    selector?: Readonly<Record<string, string>>,
  ) => Promise<Read<T[]>>
}

/** Objects a page. */
const pageSize = 250
/** 100,000 objects: more than a device has. */
const mostPages = 400
/** How often a request that may do better is made, and a list whose pages expired is begun. */
const attempts = 4
/** Seconds after the first attempt. */
const firstPause = 0.25
/** Statuses that may be others a moment later. 500 is one of etcd's in its start. */
const passing = [429, 500, 502, 503, 504]

/**
 * Reads from an API server: in pages, again where that may help, and no longer than the time-out a request.
 *
 * @param timeoutSeconds - for one attempt; also the longest that is waited between attempts, all together
 * @param signal - ends all of it: what comes then says nothing of the cluster
 */
export const makeApi = ({ server, options }: Connection, timeoutSeconds: number, signal?: AbortSignal): Api => {
  const ask = async (path: string): Promise<Reply> => {
    let left = timeoutSeconds
    return retry(
      async () => once(path),
      (reply, attempt) => {
        const mayPass = reply.ok ? passing.includes(reply.status) : reply.cause === 'api-connection-cut'
        const pause = Math.max(backOff(firstPause, attempt), reply.ok ? (reply.retryAfter ?? 0) : 0)
        if (!mayPass || attempt === attempts || pause > left) return undefined
        left -= pause
        return pause * 1000
      },
      signal,
    )
  }
  const once = async (path: string): Promise<Reply> => {
    try {
      return await askOnce(server + path, await withinTime(options(), timeoutSeconds), timeoutSeconds, signal)
    } catch (error) {
      return { ok: false, cause: 'api-credentials', message: error instanceof Error ? error.message : String(error) }
    }
  }
  const judge = <T>(reply: Reply, path: string, wanted: string, take: (object: unknown) => T): Read<T> => {
    const request = `GET ${server}${path}`
    if (!reply.ok)
      return { ok: false, failure: { cause: reply.cause, came: reply.message, answered: false, wanted, request } }
    const object = parseJson(reply.body)
    if (reply.status === 200 && isMap(object)) return { ok: true, value: take(object), request }
    const said = statusMessage(object)
    return {
      ok: false,
      failure: {
        cause: causeOf(reply.status, said !== undefined || isUnknownPath(reply, wanted)),
        came: `${reply.status}: ${said ?? reply.body.slice(0, 1000)}`,
        answered: true,
        wanted,
        request,
      },
    }
  }
  return {
    get: async (read, namespace, name, take) => {
      const path = readPath(read, namespace, name)
      return judge(
        await ask(path),
        path,
        `get ${resourceName(read)} ${name}${read.resource === 'namespaces' ? '' : ` in ${namespace}`}`,
        take,
      )
    },
    list: async <T>(
      read: ClusterRead,
      namespace: string,
      take: (object: unknown) => T,
      selector: Readonly<Record<string, string>> = {},
    ) => {
      const start = readPath(read, namespace)
      const wanted = `list ${resourceName(read)} in ${namespace}`
      const failed = (cause: ClusterCause, came: string): Read<T[]> => ({
        ok: false,
        failure: { cause, came, answered: true, wanted, request: `GET ${server}${start}` },
      })
      for (let attempt = 1; ; attempt++) {
        const all: T[] = []
        let next = ''
        let isExpired = false
        for (let page = 1; ; page++) {
          const query = new URLSearchParams({
            limit: String(pageSize),
            ...selector,
            ...(next === '' ? {} : { continue: next }),
          })
          const path = `${start}?${query.toString()}`
          const reply = await ask(path)
          isExpired = reply.ok && reply.status === 410
          if (isExpired) break
          const answer = judge(reply, path, wanted, (object) => pageOf(object, take))
          if (!answer.ok) return answer
          if (answer.value === undefined) return failed('api-unexpected', 'no list came')
          for (const item of answer.value.items) all.push(item)
          next = answer.value.next
          if (next === '') return { ok: true, value: all, request: `GET ${server}${start}` }
          if (page === mostPages) return failed('api-too-large', `more than ${pageSize * mostPages} objects`)
        }
        if (attempt === attempts) return failed('api-list-expired', 'the pages expired while they were read (410)')
      }
    },
  }
}

const withinTime = async <T>(promise: Promise<T>, seconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no credentials within ${seconds} s: the program of exec in the kubeconfig does not end`)),
      seconds * 1000,
    )
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** What the API server says in a Status. */
const statusMessage = (object: unknown): string | undefined => {
  const { kind, message } = mapOf(object)
  return kind === 'Status' && typeof message === 'string' ? message : undefined
}

/** What kube-apiserver says, as plain text, of the list of a group that it does not know. */
const isUnknownPath = ({ status, body }: { readonly status: number; readonly body: string }, wanted: string): boolean =>
  status === 404 && wanted.startsWith('list ') && body.trim() === '404 page not found'

const statusCauses: Readonly<Record<number, ClusterCause>> = {
  401: 'api-not-authorized',
  403: 'api-forbidden',
  404: 'api-not-found',
  410: 'api-list-expired',
}

/** What a status means, where an API server said it: all else may be any server's. */
const causeOf = (status: number, isKubernetes: boolean): ClusterCause => {
  if (status === 429 || status === 503) return 'api-overloaded'
  return (isKubernetes ? statusCauses[status] : undefined) ?? (status >= 500 ? 'api-error' : 'api-unexpected')
}

const pageOf = <T>(object: unknown, take: (item: unknown) => T): { items: T[]; next: string } | undefined => {
  const { items, metadata } = object as {
    readonly items?: unknown
    readonly metadata?: { readonly continue?: unknown } | null
  }
  if (!Array.isArray(items)) return undefined
  return { items: items.map(take), next: typeof metadata?.continue === 'string' ? metadata.continue : '' }
}
