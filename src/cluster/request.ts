import { request as httpsRequest, type RequestOptions } from 'node:https'
import type { ClusterCause } from './causes.ts'

/** Bytes of an answer that are taken: a page of pods with long histories has a few megabytes. */
const largestAnswer = 64 * 2 ** 20

export type Reply =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly retryAfter?: number }
  | { readonly ok: false; readonly cause: ClusterCause; readonly message: string }

/** What an error of Node means; of TLS errors there are many. */
const causes: Readonly<Record<string, ClusterCause>> = {
  ENOTFOUND: 'api-unknown-host',
  EAI_AGAIN: 'api-unknown-host',
  EAI_NODATA: 'api-unknown-host',
  ECONNREFUSED: 'api-nobody-there',
  EHOSTUNREACH: 'api-nobody-there',
  ENETUNREACH: 'api-nobody-there',
  EADDRNOTAVAIL: 'api-nobody-there',
  ETIMEDOUT: 'api-nobody-there',
  ECONNRESET: 'api-connection-cut',
  EPIPE: 'api-connection-cut',
  EPROTO: 'api-tls-failed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'api-certificate',
}

/**
 * Asks once. Redirects are not followed: they would take the token elsewhere.
 *
 * @param url - whole
 * @param options - agent and headers, as the kubeconfig has them; a signal that ends it
 * @param timeoutSeconds - from the start to the last byte
 */
export const askOnce = async (url: string, options: RequestOptions, timeoutSeconds: number): Promise<Reply> =>
  new Promise((resolve) => {
    let isConnected = false
    const end = (reply: Reply): void => {
      clearTimeout(timer)
      resolve(reply)
      outgoing.destroy()
    }
    const outgoing = httpsRequest(url, { ...options, method: 'GET' })
    const timer = setTimeout(
      () =>
        end({
          ok: false,
          cause: isConnected ? 'api-no-answer' : 'api-nobody-there',
          message: `${isConnected ? 'no answer' : 'no connection'} within ${timeoutSeconds} s`,
        }),
      timeoutSeconds * 1000,
    )
    outgoing.once('socket', (socket) => {
      if (!socket.connecting) isConnected = true
      socket.once('connect', () => (isConnected = true))
    })
    outgoing.on('error', (error) => end({ ok: false, cause: causeOf(error), message: error.message }))
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = []
      let size = 0
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > largestAnswer)
          end({ ok: false, cause: 'api-too-large', message: `more than ${largestAnswer} bytes` })
        else chunks.push(chunk)
      })
      incoming.once('error', (error) => end({ ok: false, cause: 'api-connection-cut', message: error.message }))
      incoming.once('end', () => {
        const retryAfter = Number(incoming.headers['retry-after'])
        end({
          ok: true,
          status: incoming.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          ...(retryAfter > 0 ? { retryAfter } : {}),
        })
      })
    })
    outgoing.end()
  })

const causeOf = (
  error: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] },
): ClusterCause => {
  // A name with several addresses gives all that went wrong.
  const code = error.errors?.[0]?.code ?? error.code ?? ''
  const known = causes[code]
  if (known !== undefined) return known
  if (/^ERR_(?:SSL|TLS)|WRONG_VERSION/.test(code)) return 'api-tls-failed'
  if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER|CRL|HOSTNAME|CHAIN/.test(code)) return 'api-certificate'
  // A client certificate or a CA that is none, a token that no header can hold.
  return /^ERR_(?:OSSL|INVALID)/.test(code) ? 'api-credentials' : 'api-connection-cut'
}
