import { type ClientRequest, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { makeKeeper } from './keep.ts'

/** Why no answer came. */
export type NoAnswer =
  /** The name does not resolve. */
  | 'name'
  /** Nobody listens, or no way leads there. */
  | 'refused'
  /** No connection in time. */
  | 'unconnected'
  /** A connection, and no answer in time. */
  | 'timeout'
  | 'certificate'
  | 'tls'
  /** The connection ended too soon, or what came is no HTTP. */
  | 'cut'
  | 'too-large'
  /** What was to be sent cannot be: a certificate that is none, a header that no request can hold. */
  | 'unusable'
  | 'interrupted'
  | 'other'

export type HttpAnswer =
  | { readonly ok: true; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | {
      readonly ok: false
      readonly why: NoAnswer
      readonly message: string
      /** How far the connection was. */
      readonly stage: Stage
      /** Whether a connection that was used before ended before anything came: that says nothing of the server. */
      readonly stale: boolean
    }

type Stage = 'connecting' | 'connected' | 'secured'

export interface HttpLimits {
  /** From the start to the last byte. */
  readonly timeoutSeconds: number
  /** Bytes of a body that are taken. */
  readonly largest: number
  readonly signal?: AbortSignal
}

/**
 * Asks once, by Node's own HTTP. Redirects are not followed: they would take a token elsewhere. Does not throw: whatever goes
 * wrong is the answer.
 *
 * @param protocol - with the colon, as in a URL
 * @param options - where, what, agent and headers
 */
export const askHttp = async (
  protocol: 'http:' | 'https:',
  options: RequestOptions,
  { timeoutSeconds, largest, signal }: HttpLimits,
  body?: Uint8Array,
): Promise<HttpAnswer> =>
  new Promise((resolve) => {
    let stage: Stage = 'connecting'
    let hasAnswer = false
    let outgoing: ClientRequest | undefined
    const end = (answer: HttpAnswer): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve(answer)
      // A connection whose answer is whole is used again.
      if (!answer.ok) outgoing?.destroy()
    }
    const fail = (why: NoAnswer, message: string): void =>
      end({ ok: false, why, message, stage, stale: why === 'cut' && !hasAnswer && outgoing?.reusedSocket === true })
    const abort = () => fail('interrupted', 'interrupted')
    const timer = setTimeout(
      () =>
        stage === 'connecting'
          ? fail('unconnected', `no connection within ${timeoutSeconds} s`)
          : fail('timeout', `no answer within ${timeoutSeconds} s`),
      timeoutSeconds * 1000,
    )
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted === true) {
      abort()
      return
    }
    try {
      outgoing = (protocol === 'https:' ? httpsRequest : httpRequest)(options)
    } catch (error) {
      fail('unusable', error instanceof Error ? error.message : String(error))
      return
    }
    outgoing.once('socket', (socket) => {
      // A socket that is used again tells its first user alone.
      if (!socket.connecting) {
        stage = 'secured'
        return
      }
      socket.once('connect', () => (stage = 'connected'))
      socket.once('secureConnect', () => (stage = 'secured'))
    })
    outgoing.on('error', (error) => fail(whyOf(error), error.message))
    outgoing.once('response', (incoming) => {
      hasAnswer = true
      const keeper = makeKeeper(largest)
      incoming.on('data', (piece: Buffer) => {
        if (!keeper.add(piece)) fail('too-large', `more than ${largest} bytes, or in too many pieces`)
      })
      incoming.once('aborted', () => fail('cut', 'the answer ended too soon'))
      incoming.once('error', (error) => fail('cut', error.message))
      incoming.once('end', () =>
        end({
          ok: true,
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: keeper.bytes().toString('utf8'),
        }),
      )
    })
    outgoing.end(body)
  })

const codes: Readonly<Record<string, NoAnswer>> = {
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
  HPE_HEADER_OVERFLOW: 'too-large',
}

/** What an error of Node means; of TLS errors there are many. */
const whyOf = (error: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] }): NoAnswer => {
  // A name with several addresses gives all that went wrong.
  const code = error.errors?.[0]?.code ?? error.code ?? ''
  const known = codes[code]
  if (known !== undefined) return known
  if (code.startsWith('HPE_')) return 'cut'
  if (/^ERR_(?:SSL|TLS)|WRONG_VERSION/.test(code)) return 'tls'
  if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER|CRL|HOSTNAME|CHAIN/.test(code)) return 'certificate'
  return /^ERR_(?:OSSL|INVALID)/.test(code) ? 'unusable' : 'other'
}
