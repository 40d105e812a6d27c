// A made-up device on every loopback address: OVMS behind TLS as `edge rehearse` has it, on all addresses; those in
// 127.99.0.0/16 take connections and say nothing. Arguments: a bundle; prints the port.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'

const [directory] = process.argv.slice(2)
let count = 0
const server = createServer(
  { key: readFileSync(join(directory, 'hosts.key')), cert: readFileSync(join(directory, 'hosts.crt')) },
  (request, response) => {
    if (request.socket.localAddress?.includes('127.99.')) return
    request.resume()
    request.on('end', () => {
      const { url = '' } = request
      const json = (value) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value))
      if (url.includes('no-such-model')) response.writeHead(404).end()
      else if (url === '/metrics')
        response.end(
          `ovms_requests_success{api="KServe",interface="REST",method="ModelInfer",name="vision",version="1"} ${count++}\n`,
        )
      else if (url.endsWith('/ready')) response.end()
      else if (url.endsWith('/infer'))
        json({
          model_name: 'vision',
          model_version: '1',
          outputs: [
            {
              name: '1463',
              shape: [1, 1000],
              datatype: 'FP32',
              data: Array.from({ length: 1000 }, (_, index) => (index === 309 ? 9 : 0.5)),
            },
          ],
        })
      else
        json({
          name: 'vision',
          versions: ['1'],
          platform: 'OpenVINO',
          inputs: [{ name: '0', datatype: 'FP32', shape: [1, 224, 224, 3] }],
          outputs: [{ name: '1463', datatype: 'FP32', shape: [1, 1000] }],
        })
    })
  },
)
server.listen(0, '0.0.0.0', 4096, () => console.log(server.address().port))
