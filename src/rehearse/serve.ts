import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import selfsigned from 'selfsigned'
import type { HostedModel } from '../probes/document.ts'
import { behaving, type BehaviourName } from './behaviours.ts'
import { asksThis, fakeAny } from '../servers/anyFake.ts'
import { type Answer, type Fake, type Rehearsed, type Request, unavailable } from '../servers/fake.ts'
import { servers } from '../servers/list.ts'

/** Requests larger than this are none of a probe's. */
const largestRequest = 64 * 2 ** 20

/**
 * Serves made-up models as a device would: one port, HTTP and TLS alike, each model by the host of its Route; a host without
 * one gets the router's page.
 *
 * @param models - the models with the bodies of their probes
 * @param behaviour - what they all do
 * @returns a server that does not listen yet
 */
export const rehearsalServer = async (
  models: readonly (HostedModel & Rehearsed)[],
  behaviour: BehaviourName,
): Promise<Server> => {
  const fakes = new Map<string, { readonly limit: string | undefined; readonly fake: Fake }>()
  for (const model of models)
    if (model.host !== undefined)
      fakes.set(model.host, { limit: model.route?.path, fake: behaving(await fakeOf(model), behaviour, model) })
  const answer = (message: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > largestRequest) message.destroy()
      else chunks.push(chunk)
    })
    message.on('end', () => {
      const { method = 'GET', url = '/', headers } = message
      const found = fakes.get(headers.host?.replace(/:\d+$/, '') ?? '')
      const path = url.replace(/\?.*/, '')
      const isRouted =
        found !== undefined && (found.limit === undefined || path === found.limit || path.startsWith(`${found.limit}/`))
      send(
        response,
        isRouted ? answered(found.fake, { method, path, url, headers, body: Buffer.concat(chunks) }) : unavailable,
      )
    })
  }
  const plain = createHttp(answer)
  const secure = createHttps(await certificate([...fakes.keys()]), answer)
  return createServer((socket) => sniff(socket, plain, secure))
}

/** A request that a fake cannot read is a bad one. */
const answered = (fake: Fake, request: Request): Answer => {
  try {
    return fake(request)
  } catch {
    return { status: 400 }
  }
}

/** The first byte of a TLS connection is 22, the record type of a handshake (RFC 8446, 5.1). */
const sniff = (socket: Socket, plain: Server, secure: Server): void => {
  socket.on('error', () => socket.destroy())
  socket.once('readable', () => {
    const first = socket.read(1) as Buffer | null
    if (first === null) return
    socket.unshift(first)
    ;(first[0] === 22 ? secure : plain).emit('connection', socket)
  })
}

/** A certificate for the hosts, signed by itself, for a day. */
const certificate = async (hosts: readonly string[]): Promise<{ key: string; cert: string }> => {
  const names = hosts.slice(0, 100).map((value) => ({ type: 2 as const, value }))
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'edge rehearse' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [...names, { type: 2, value: 'localhost' }] }],
  })
  return { key, cert }
}

/** The server's fake; what it does not know may be a request of the user's own. */
export const fakeOf = async (model: Rehearsed): Promise<Fake> => {
  const any = fakeAny(model)
  const make = await servers.find(({ id }) => id === model.server)?.fake?.()
  const server = make?.(model) ?? any
  const own = model.probes.filter(({ step, body }) => step === 'request' && body !== undefined)
  return (request: Request) => {
    if (own.some((probe) => asksThis(probe, request, model.bodies))) return any(request)
    const answer = server(request)
    return answer.status === 404 || answer.status === 405 ? orElse(any(request), answer) : answer
  }
}

/** What a fake of any server does not know either stays what the server's own says. */
const orElse = (own: Answer, server: Answer): Answer => (own.status === 404 ? server : own)

const send = (response: ServerResponse, { status, headers = {}, body = '', broken }: Answer): void => {
  const { socket } = response
  switch (broken) {
    case 'silent':
      return
    case 'reset':
      // TLS has no reset of its own.
      if (socket instanceof TLSSocket) socket.destroy()
      else socket?.resetAndDestroy()
      return
    case 'short':
      response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) + 100 })
      response.write(body, () => socket?.destroy())
      return
    case 'endless': {
      response.writeHead(status, headers)
      const chunk = Buffer.alloc(2 ** 20, ' ')
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more)
      more()
      return
    }
    case undefined:
      response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
      response.end(body)
  }
}
