import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSecureContext } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { makeKeeper } from '../../src/basics/system/keep.ts'
import { makeClient } from '../../src/verify/client.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

const targetOf = async (listener: RequestListener) => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    scheme: 'http',
    address: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    host: 'model.example.com',
    trust: createSecureContext({ ca: [] }),
    insecure: true,
  } as const
}

const signal = new AbortController().signal
const question = { method: 'GET', path: '/', headers: {} }

it('a connection that is used again and again gathers no listeners', async () => {
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  const client = makeClient(1000)
  try {
    const target = await targetOf((_, response) => response.end('{}'))
    for (let time = 0; time < 15; time++) expect((await client.ask(target, question, 10, signal)).status).toBe(200)
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
  } finally {
    client.close()
    process.off('warning', note)
  }
})

it('an answer in pieces of a byte is given up, long before it is as large as an answer may be', async () => {
  const client = makeClient(8 * 2 ** 20)
  try {
    const target = await targetOf((_, response) => {
      const more = () => {
        for (let piece = 0; piece < 1000 && !response.destroyed; piece++) response.write('x')
        if (!response.destroyed) setImmediate(more)
      }
      more()
    })
    const { failure } = await client.ask(target, question, 50, signal)
    expect(failure).toBe('too-large')
  } finally {
    client.close()
  }
})

it('pieces are not kept, but what is in them: a piece of a byte may hold a buffer of 64 KB', () => {
  const keeper = makeKeeper(10_000)
  for (let piece = 0; piece < 5000; piece++) keeper.add(new Uint8Array(65_536).fill(piece, 0, 1).subarray(0, 1))
  expect(keeper.bytes()).toHaveLength(5000)
  expect(keeper.bytes().buffer.byteLength).toBeLessThanOrEqual(10_000)
  expect(keeper.add(new Uint8Array(5001))).toBe(false)
  expect(keeper.add(new Uint8Array(5000))).toBe(true)
})

it('pieces are counted against what is in them: byte by byte ends soon, line by line does not', () => {
  const taken = (length: number) => {
    const keeper = makeKeeper(8 * 2 ** 20)
    let pieces = 0
    while (keeper.add(new Uint8Array(length))) pieces++
    return pieces
  }
  expect(taken(1)).toBeLessThan(11_000)
  expect(taken(60)).toBe(Math.floor((8 * 2 ** 20) / 60))
})

it('what no request can hold is the answer, and nothing is thrown', async () => {
  const client = makeClient(1000)
  try {
    const target = await targetOf((_, response) => response.end())
    const { failure, words } = await client.ask(target, { ...question, path: '/a b\n' }, 10, signal)
    expect(failure).toBe('other')
    expect(words).toContain('unescaped')
  } finally {
    client.close()
  }
})
