import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https'
import type { SecureContext } from 'node:tls'
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
      let answer = await once(target, request, agent, timeoutSeconds * 1000, largest, signal)
      // The server may close a connection just when it is used again: that says nothing of the server.
      if (answer.stale === true) answer = await once(target, request, false, timeoutSeconds * 1000, largest, signal)
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
  target: Target,
  { method, path, headers, body }: Request,
  agent: HttpAgent | false,
  timeoutMs: number,
  largest: number,
  signal: AbortSignal,
): Promise<Attempt> =>
  new Promise((resolve) => {
    const { scheme, address, port, host, trust, insecure } = target
    let stage: 'connecting' | 'connected' | 'secured' = 'connecting'
    let hasAnswer = false
    const send = scheme === 'https' ? httpsRequest : httpRequest
    const outgoing = send({
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
    })
    const end = (answer: Attempt): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      resolve(answer)
      outgoing.destroy()
    }
    const fail = (failure: Failure, words: string): void =>
      end({
        failure,
        words,
        status: 0,
        html: false,
        body: '',
        ...(outgoing.reusedSocket && !hasAnswer && failure === 'cut' ? { stale: true } : {}),
      })
    const timer = setTimeout(
      () =>
        fail(
          stage === 'connecting' ? 'unconnected' : 'timeout',
          `${stage === 'connecting' ? 'no connection' : 'no answer'} within ${timeoutMs / 1000} s`,
        ),
      timeoutMs,
    )
    const abort = () => fail('other', 'interrupted')
    signal.addEventListener('abort', abort, { once: true })
    outgoing.once('socket', (socket) => {
      if (!socket.connecting) stage = 'secured'
      socket.once('connect', () => (stage = 'connected'))
      socket.once('secureConnect', () => (stage = 'secured'))
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(failureOf(error, stage, scheme), error.message))
    outgoing.once('response', (incoming: IncomingMessage) => {
      hasAnswer = true
      const chunks: Buffer[] = []
      let size = 0
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > largest) fail('too-large', `more than ${largest} bytes`)
        else chunks.push(chunk)
      })
      incoming.once('aborted', () => fail('cut', 'the answer ended too soon'))
      incoming.once('error', (error) => fail('cut', error.message))
      incoming.once('end', () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        resolve({
          status: incoming.statusCode ?? 0,
          html: (incoming.headers['content-type'] ?? '').toLowerCase().startsWith('text/html'),
          body: Buffer.concat(chunks).toString('utf8'),
        })
      })
    })
    outgoing.end(body)
  })

const failures: Readonly<Record<string, Failure>> = {
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  EAI_NODATA: 'name',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ETIMEDOUT: 'unconnected',
  EPROTO: 'tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
}

/** What an error of Node means, in the words of the table of verdicts. */
const failureOf = (
  error: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] },
  stage: 'connecting' | 'connected' | 'secured',
  scheme: Target['scheme'],
): Failure => {
  // A name with several addresses gives all that went wrong.
  const code = error.errors?.[0]?.code ?? error.code ?? ''
  const known = failures[code]
  if (known === 'cut' && scheme === 'https' && stage === 'connected') return 'tls'
  if (known !== undefined) return known
  if (/^ERR_(?:SSL|TLS)|WRONG_VERSION/.test(code)) return 'tls'
  return /CERT|SIGNATURE|SELF_SIGNED|ISSUER|CRL|HOSTNAME|CHAIN/.test(code) ? 'certificate' : 'other'
}
