// A made-up device on every loopback address: OVMS behind TLS as `edge rehearse` has it, on all addresses; those in
// 127.99.0.0/16 take connections and say nothing. Arguments: a bundle; prints the port.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { goodDevice } from './device.mjs'

const [directory] = process.argv.slice(2)
const server = createServer(
  { key: readFileSync(join(directory, 'hosts.key')), cert: readFileSync(join(directory, 'hosts.crt')) },
  (request, response) => {
    if (!request.socket.localAddress?.includes('127.99.')) goodDevice(request, response)
  },
)
server.listen(0, '0.0.0.0', 4096, () => console.log(server.address().port))
