import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { SecureContext } from 'node:tls'
import { askHttp, type NoAnswer } from '../basics/system/http.ts'
import type { Failure } from '../probes/rules.ts'
import type { Answer } from './judge.ts'

/** Where requests go: an address, whatever the host in the URL is. */
export interface Target {
  readonly scheme: 'http' | 'https'
  /** An address or a name; IPv6 without brackets. */
  readonly address: string
  readonly port: number
  /** The name that the server is asked by: Host and SNI. */
  readonly host: string
  /** What is trusted; the same for all devices, since it is large. */
  readonly trust: SecureContext
  readonly insecure: boolean
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** Asks one device; connections are used again. */
export interface Client {
  readonly ask: (
    target: Target,
    request: Request,
    timeoutSeconds: number,
    signal: AbortSignal,
  ) => Promise<Answer & { readonly seconds: number }>
  readonly close: () => void
}

/**
 * A client for one device, through Node's own HTTP: it connects to an address and asks for a host, as curl does with
 * `--connect-to` (`fetch` drops a Host header silently).
 *
 * @param largest - bytes of an answer that are taken
 */
export const makeClient = (largest: number): Client => {
  const options = { keepAlive: true, maxSockets: 1, maxCachedSessions: 0 }
  let plain: HttpAgent | undefined
  let secure: HttpsAgent | undefined
  return {
    ask: async (target, request, timeoutSeconds, signal) => {
      const agent =
        target.scheme === 'https' ? (secure ??= new HttpsAgent(options)) : (plain ??= new HttpAgent(options))
      const start = performance.now()
      let answer = await once(target, request, agent, timeoutSeconds, largest, signal)
      // The server may close a connection just when it is used again: that says nothing of the server.
      if (answer.stale === true) answer = await once(target, request, false, timeoutSeconds, largest, signal)
      return { ...answer, seconds: (performance.now() - start) / 1000 }
    },
    close: () => {
      plain?.destroy()
      secure?.destroy()
    },
  }
}

type Attempt = Answer & { readonly stale?: true }

const once = async (
  { scheme, address, port, host, trust, insecure }: Target,
  { method, path, headers, body }: Request,
  agent: HttpAgent | false,
  timeoutSeconds: number,
  largest: number,
  signal: AbortSignal,
): Promise<Attempt> => {
  const answer = await askHttp(
    `${scheme}:`,
    {
      host: address,
      port,
      method,
      path,
      agent,
      headers: {
        Host: host,
        'User-Agent': 'edge-verify',
        Accept: '*/*',
        ...(agent === false ? { Connection: 'close' } : {}),
        ...headers,
        ...(body === undefined ? (method === 'GET' ? {} : { 'Content-Length': 0 }) : { 'Content-Length': body.length }),
      },
      ...(scheme === 'https'
        ? {
            ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
            ALPNProtocols: ['http/1.1'],
            rejectUnauthorized: !insecure,
            secureContext: trust,
          }
        : {}),
    },
    { timeoutSeconds, largest, signal },
    body,
  )
  if (answer.ok)
    return {
      status: answer.status,
      html: (answer.headers['content-type'] ?? '').toLowerCase().startsWith('text/html'),
      body: answer.body,
    }
  const { why, message, stage, stale } = answer
  return {
    // What ends while TLS is agreed on speaks another.
    failure: why === 'cut' && scheme === 'https' && stage === 'connected' ? 'tls' : failures[why],
    words: message,
    status: 0,
    html: false,
    body: '',
    ...(stale ? { stale } : {}),
  }
}

/** In the words of the table of verdicts. */
const failures: Readonly<Record<NoAnswer, Failure>> = {
  name: 'name',
  refused: 'refused',
  unconnected: 'unconnected',
  timeout: 'timeout',
  certificate: 'certificate',
  tls: 'tls',
  cut: 'cut',
  'too-large': 'too-large',
  unusable: 'other',
  interrupted: 'other',
  other: 'other',
}
