import { readFileSync } from 'node:fs'
import { readProbes } from '../../src/bundle/probes.ts'
import { readBundle } from '../../src/bundle/read.ts'
import { checkCluster } from '../../src/cluster/checkCluster.ts'
import { explain } from '../../src/commands/explain.ts'
import { images } from '../../src/commands/images.ts'
import { lists } from '../../src/render/lists/lists.ts'
import { locateFindings } from '../../src/report/located.ts'
import { reportText } from '../../src/report/text.ts'
import { parseInventory } from '../../src/verify/inventory.ts'
import { readResults } from '../../src/verify/resume.ts'
import { siteModels } from '../../src/verify/askDevice.ts'
import { kubeconfigFor } from '../tools/fakeApiServer.ts'
import { asked, deviceServer, reported } from './devices.ts'
import type { Target } from './hold.ts'
import { bundleOf, inPlace, put } from './places.ts'

const terminal = { level: 'error', colour: { stderr: false, stdout: false } } as const
/** A file of an example's bundle. */
const seedOf = async (name: string, path: string) => [(await bundleOf('ovms-resnet50', name)).text(path)]

/** What a command writes to a file. */
const written = async (write: (output: string) => Promise<void>): Promise<string> => {
  const output = inPlace('output')
  await write(output)
  return readFileSync(output, 'utf8')
}

const result = {
  run: 'r',
  host: '192.0.2.1',
  site: 'plant-a',
  labels: { line: '3' },
  verdict: 'pass',
  seconds: 1,
  checks: [
    { model: 'm', id: 'READY', verdict: 'pass', seconds: 0.1, attempts: 1 },
    { model: 'm', id: 'INFER', verdict: 'skip', skip: 'READY did not pass' },
  ],
}

const inventory = (name: string, file: string, seeds: readonly string[]): Target => ({
  name,
  seeds: () => seeds,
  run: (input) => {
    const devices = parseInventory(input.toString('utf8'), file, ['plant-a'])
    return reported(devices.map((device) => ({ ...device, verdict: 'pass', seconds: 0, checks: [] })))
  },
})

/** Bundles of strangers, and what users keep beside them. */
export const bundleTargets: readonly Target[] = [
  {
    name: 'bundle-json',
    seeds: async () => seedOf('bundle-json-seed', 'bundle.json'),
    run: async (input) => {
      const { directory, forge } = await bundleOf('ovms-resnet50', 'bundle-json')
      forge('bundle.json', input)
      const located = locateFindings(readBundle(directory).findings, { name: () => directory, text: () => undefined })
      const shown: string[] = [reportText(located, false)]
      for (const format of ['text', 'json'])
        shown.push(
          await written(async (output) =>
            explain(directory, 'ovms-resnet50', { outputs: [{ format }, { output }] }, terminal),
          ),
        )
      for (const format of ['text', ...Object.keys(lists)])
        shown.push(await written(async (output) => images(directory, { outputs: [{ format }, { output }] }, terminal)))
      return shown
    },
  },
  {
    name: 'probes-json',
    seeds: async () => seedOf('probes-json-seed', 'probes/probes.json'),
    run: async (input) => {
      const { directory, forge } = await bundleOf('ovms-resnet50', 'probes-json')
      forge('probes/probes.json', input)
      const { document, bodyOf } = readProbes(directory)
      for (const site of Object.keys(document.sites)) siteModels({ document })(site)
      const server = await deviceServer()
      server.answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')
      return asked(document, bodyOf, server)
    },
  },
  {
    name: 'expected-json',
    seeds: async () => seedOf('expected-json-seed', 'probes/expected.json'),
    run: async (input) => {
      const { directory, forge } = await bundleOf('ovms-resnet50', 'expected-json')
      forge('probes/expected.json', input)
      const kubeconfig = put('nowhere', kubeconfigFor({ url: 'https://127.0.0.1:9', certificate: '' }))
      const found = await checkCluster(directory, { kubeconfig, timeoutSeconds: 1 })
      return reported([
        {
          host: 'h',
          labels: {},
          verdict: 'fail',
          seconds: 0,
          checks: found.map(({ subject, ...one }) => ({ model: subject, ...one })),
        },
      ])
    },
  },
  inventory('inventory-yaml', 'fleet.yaml', [
    '- {host: 192.0.2.7, site: plant-a, labels: {line: "3"}}\n- {host: "[2001:db8::1]:8443"}\n- edge.example.com\n',
    'devices:\n- host: 192.0.2.8\n  labels: {a: 1, b: true}\n',
  ]),
  inventory('inventory-csv', 'fleet.csv', [
    'host,site,line\n192.0.2.7,plant-a,3\n"192.0.2.8:443",,"a ""b"", c"\n',
    '\ufeffhost;site\r\n192.0.2.7;plant-a\r\n',
  ]),
  {
    name: 'resume',
    seeds: () => [`${JSON.stringify(result)}\n`, `${JSON.stringify(result)}\n${JSON.stringify(result).slice(0, 50)}\n`],
    run: (input) => {
      const found: Parameters<typeof reported>[0][number][] = []
      readResults(put('resume/results.ndjson', input), 'r', new Set(['192.0.2.1']), (one) => found.push(one))
      return reported(found)
    },
  },
]
