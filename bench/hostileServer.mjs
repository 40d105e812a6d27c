// Made-up devices on every loopback address, without TLS: good ones, or hostile ones of which 127.66.N.0/24 are hostile in the way N.
// Arguments: good or hostile; prints the port.
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { answerOf, goodDevice } from './device.mjs'

const whole = (body, type = 'application/json') =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`

const good = (url) => {
  const { status, type, body } = answerOf(url)
  return status === 200 ? whole(body, type ?? 'text/plain') : 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'
}

/** Good but for the metadata of the model. */
const metadata = (body) => (socket, url) => socket.end(/\/v2\/models\/vision$/.test(url) ? whole(body) : good(url))

/** Writes for as long as somebody reads. */
const forever = (head, piece) => (socket) => {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.write(head)
  socket.on('drain', more)
  more()
}

const deep = '['.repeat(100_000)
const ways = {
  'inputs: 5': metadata('{"name":"vision","inputs":5}'),
  'an input without shape': metadata('{"name":"vision","inputs":[{"name":"0"}]}'),
  'JSON 100,000 deep': metadata(deep + deep.replaceAll('[', ']')),
  'a line of /metrics without blanks': (socket, url) =>
    socket.end(url === '/metrics' ? whole(`${'a{b="'.repeat(20_000)}}\n`, 'text/plain') : good(url)),
  'chunks of a byte': forever('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'.repeat(2000)),
  'a head without end': forever('HTTP/1.1 200 OK\r\n', 'X-More: x\r\n'.repeat(2000)),
  'a bad chunk size': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n'),
  'a body without end': forever('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(65_536, 0x78)),
}
export const hostileWays = Object.keys(ways)

const hostile = (socket) => {
  socket.on('error', () => socket.destroy())
  let said = ''
  socket.on('data', (text) => {
    const isFirst = !said.includes('\n')
    said += text
    if (!isFirst || !said.includes('\n')) return
    const way = Number(/127\.66\.(\d+)\./.exec(socket.localAddress ?? '')?.[1] ?? 0)
    Object.values(ways)[way](socket, said.split(' ')[1] ?? '/')
  })
}

const [kind] = process.argv.slice(2)
if (process.argv[1] === import.meta.filename) {
  const server = kind === 'good' ? createHttpServer(goodDevice) : createServer(hostile)
  server.listen(0, '0.0.0.0', 4096, () => console.log(server.address().port))
}
