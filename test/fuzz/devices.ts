import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { ProbesDocument } from '../../src/probes/document.ts'
import { readProbes } from '../../src/bundle/probes.ts'
import { reports } from '../../src/report/verify/reports.ts'
import { siteModels } from '../../src/verify/askDevice.ts'
import { askFleet } from '../../src/verify/fleet.ts'
import type { DeviceResult } from '../../src/verify/result.ts'
import { makeSummary } from '../../src/verify/summary.ts'
import type { Target } from './hold.ts'
import { bundleOf } from './places.ts'

/** A device that says the same bytes to whatever it is asked, and hangs up. */
export interface DeviceServer {
  readonly port: number
  answer: Buffer
}

let started: Promise<DeviceServer> | undefined

/** The one server of this process; it keeps no process alive. */
export const deviceServer = async (): Promise<DeviceServer> =>
  (started ??= new Promise((resolve) => {
    const server = createServer((socket: Socket) => {
      socket.unref()
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(device.answer))
    })
    const device = { port: 0, answer: Buffer.alloc(0) }
    server.unref().listen(0, '127.0.0.1', () => {
      device.port = (server.address() as AddressInfo).port
      resolve(device)
    })
  }))

/** All reports about devices. */
export const reported = (results: readonly DeviceResult[]): string[] =>
  Object.entries(reports).flatMap(([name, make]) => {
    const reporter = make({
      bundle: 'fuzz',
      isFleet: results.length !== 1,
      colour: false,
      started: '2026-01-01T00:00:00Z',
    })
    const summary = makeSummary()
    for (const result of results) summary.add(result)
    const texts = [
      reporter.begin(),
      ...results.map((result) => reporter.device(result)),
      reporter.end(summary.summary(results.length)),
    ]
    // A page is no text of a terminal: what holds in it is test/e2e/htmlReport.test.ts.
    return name === 'html' ? [] : texts
  })

/** Asks the server all questions of a document, and gives all reports. An error that edge did not foresee is thrown. */
export const asked = async (
  document: ProbesDocument,
  bodyOf: (file: string) => Uint8Array,
  { port }: DeviceServer,
): Promise<string[]> => {
  const results: DeviceResult[] = []
  const fleet = askFleet(
    [{ host: `127.0.0.1:${port}`, labels: {} }],
    {
      document,
      bodyOf,
      scheme: 'http',
      direct: false,
      timeout: 5,
      wait: 0,
      token: 'secret-of-the-fuzzer',
      trust: createSecureContext({ ca: [] }),
      insecure: true,
      podAddress: async () => Promise.resolve({ address: '127.0.0.1' }),
      concurrency: 1,
      maxFailures: Infinity,
      mustAsk: true,
      modelsAt: siteModels({ document }),
      onCheck: () => undefined,
      onWait: () => undefined,
    },
    AbortSignal.timeout(3000),
  )
  for await (const result of fleet) results.push(result)
  const defect = results.flatMap(({ checks }) => checks).find(({ id }) => id === 'NOT-UNDERSTOOD')
  if (defect !== undefined) throw new Error(defect.failure?.came)
  return reported(results)
}

/** The example's questions, none of which is asked twice. */
const questions = async (example: string) => {
  const { document, bodyOf } = readProbes((await bundleOf(example, `device-${example}`)).directory)
  const models = document.models.map((model) => ({
    ...model,
    probes: model.probes.map(({ settle: _, ...probe }) => probe),
  }))
  return { document: { ...document, models }, bodyOf }
}

const device = (name: string, wrap: (input: Buffer) => Buffer, seeds: Target['seeds']): Target => ({
  name,
  seeds,
  run: async (input) => {
    const server = await deviceServer()
    server.answer = wrap(input)
    const shown: string[] = []
    for (const example of ['ovms-resnet50', 'vllm-granite']) {
      const { document, bodyOf } = await questions(example)
      shown.push(...(await asked(document, bodyOf, server)))
    }
    return shown
  },
})

const body = (input: Uint8Array, type = 'application/json'): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${input.length}\r\n\r\n`),
    input,
  ])

const metadata = JSON.stringify({
  name: 'ovms-resnet50',
  versions: ['1'],
  platform: 'OpenVINO',
  inputs: [{ name: '0', datatype: 'FP32', shape: [1, 224, 224, 3] }],
  outputs: [{ name: '1463', datatype: 'FP32', shape: [1, 1000], data: [0.5, 9, 0.5] }],
})
const chat = JSON.stringify({
  id: 'x',
  object: 'list',
  data: [{ id: 'granite', max_model_len: 4096 }],
  choices: [{ index: 0, text: 'a', message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 },
})
const metrics = `# HELP ovms_requests_success Number of successful requests.
# TYPE ovms_requests_success counter
ovms_requests_success{api="KServe",interface="REST",method="ModelInfer",name="ovms-resnet50",version="1"} 12
ovms_requests_success{name="a\\"b\\\\c\\n"} 1.5e3 1700000000000
vllm:request_success_total{finished_reason="stop",model_name="granite"} 3.0
python_info NaN
`

/** What devices answer. */
export const deviceTargets: readonly Target[] = [
  device(
    'device-answer',
    (input) => input,
    () => [
      body(Buffer.from(metadata)),
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n3;x=y\r\n12}\r\n0\r\nTrailer: x\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.0 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n<html><body><h1>503</h1>secret-of-the-fuzzer',
      'HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      '\x16\x03\x01\x02\x00',
    ],
  ),
  device(
    'device-body',
    (input) => body(input),
    () => [metadata, chat, '{"error": "not ready"}'],
  ),
  device(
    'device-metrics',
    (input) => body(input, 'text/plain; version=0.0.4'),
    () => [metrics],
  ),
]
