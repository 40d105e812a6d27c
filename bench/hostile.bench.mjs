import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { hostileWays } from './hostileServer.mjs'

const root = resolve(import.meta.dirname, '..')
const edge = join(root, 'dist/main.js')
const concurrency = 256
const timeout = 5
const good = 1000
/** Devices of each way to be hostile. */
const each = 20
const rounds = 3

/** Writes the peak of memory in kilobytes into the file that USAGE names, when the process ends. */
const usageHook = `data:text/javascript,${encodeURIComponent("import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(process.env.USAGE, String(process.resourceUsage().maxRSS)))")}`

const spec = `apiVersion: edge.microshift.dev/v1alpha1
kind: EdgeBundle
metadata: {name: fleet}
spec:
  namespace: ai-demo
  models:
  - name: vision
    source: oci://registry.example.com/m/vision@sha256:${'0123456789abcdef'.repeat(4)}
    format: openvino_ir
    probes: [{infer: {image: picture.png, argmax: 309}}]
`

/**
 * `edge verify` of 1,000 good devices, without and with 20 among them of each way to be hostile: what the good ones come to, when the last
 * of them has its result, and what memory it takes. Hostile devices that never end cost their time-outs, as dead ones do; the others do not wait
 * for those.
 */
export default async (directory) => {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  writeFileSync(join(directory, 'edge.yaml'), spec)
  writeFileSync(join(directory, 'picture.png'), readFileSync(join(root, 'examples/ovms-resnet50/picture.png')))
  execFileSync(process.execPath, [edge, 'generate', '-f', 'edge.yaml', '-o', 'out', '--log-level', 'error'], {
    cwd: directory,
    env,
  })
  // Good devices and hostile ones have processes of their own: what the latter send costs the former nothing.
  const servers = await Promise.all(
    ['good', 'hostile'].map(async (kind) => {
      const server = spawn(process.execPath, [join(import.meta.dirname, 'hostileServer.mjs'), kind], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const port = await new Promise((found) => server.stdout.once('data', (text) => found(Number(text))))
      return { server, port }
    }),
  )
  try {
    const goodHosts = Array.from(
      { length: good },
      (_, index) => `127.1.${index >> 8}.${index & 255 || 255}:${servers[0].port}`,
    )
    const unique = [...new Set(goodHosts)]
    const hostileHosts = hostileWays.flatMap((_, way) =>
      Array.from({ length: each }, (_, index) => `127.66.${way}.${index + 1}:${servers[1].port}`),
    )
    const clean = () => fleet(directory, env, 'clean', unique)
    const mixed = () => fleet(directory, env, 'mixed', spread(unique, hostileHosts))
    await clean()
    const measured = []
    for (let round = 0; round < rounds; round++) {
      const pair = round % 2 === 0 ? [await clean(), await mixed()] : [await mixed(), await clean()].reverse()
      measured.push(pair)
    }
    for (const [without, among] of measured) {
      for (const host of unique)
        if (without.results.get(host) !== among.results.get(host))
          throw new Error(
            `${host}: ${without.results.get(host)} without hostile devices, ${among.results.get(host)} among them`,
          )
      const lost = hostileHosts.filter((host) => !among.results.has(host))
      if (lost.length > 0) throw new Error(`hostile devices have no result: ${lost.join(', ')}`)
    }
    const median = (of) => measured.map(of).toSorted((a, b) => a - b)[measured.length >> 1]
    const seconds = median(([without]) => without.seconds)
    const ratio = median(([without, among]) => among.seconds / without.seconds)
    const memory = Math.max(...measured.map(([, among]) => among.memory)) / 1024
    return {
      results: [
        { name: `${unique.length} good devices, the last result`, ms: seconds * 1000, ratio: 1 },
        {
          name: `the same among ${hostileHosts.length} hostile ones, ${each} of each of ${hostileWays.length} ways`,
          ms: median(([, among]) => among.seconds) * 1000,
          ratio,
          goal: 1.1,
          ok: ratio <= 1.1,
        },
        {
          name: 'peak memory in MB among hostile ones, against 200',
          ms: memory,
          ratio: memory / 200,
          goal: 1,
          ok: memory <= 200,
        },
      ],
    }
  } finally {
    for (const { server } of servers) server.kill()
  }
}

/** Hosts with others between them, everywhere alike. */
const spread = (hosts, others) => {
  const step = hosts.length / others.length
  return others.flatMap((other, index) => [
    other,
    ...hosts.slice(Math.round(index * step), Math.round((index + 1) * step)),
  ])
}

/** Asks a fleet; gives each device's verdicts, the seconds until the last good device had its own, and the peak of memory in kilobytes. */
const fleet = async (directory, env, name, hosts) => {
  writeFileSync(join(directory, `${name}.csv`), `host,site\n${hosts.map((host) => `${host},\n`).join('')}`)
  const usage = join(directory, 'usage')
  const start = process.hrtime.bigint()
  const child = spawn(
    process.execPath,
    [
      ...['--import', usageHook, edge, 'verify', 'out', '--inventory', `${name}.csv`, '--scheme', 'http'],
      ...['--concurrency', String(concurrency), '--timeout', String(timeout), '--format', 'ndjson'],
    ],
    { cwd: directory, env: { ...env, USAGE: usage }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const results = new Map()
  let seconds = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const { host, verdict, checks } = JSON.parse(line)
    if (host === undefined) continue
    results.set(host, `${verdict}: ${checks.map((check) => `${check.id} ${check.verdict}`).join(', ')}`)
    if (!host.startsWith('127.66.')) seconds = Number(process.hrtime.bigint() - start) / 1e9
  }
  if (child.exitCode === null) await once(child, 'exit')
  if (child.exitCode === null || child.exitCode > 3) throw new Error(`edge verify ends with ${child.exitCode}`)
  return { seconds, results, memory: Number(readFileSync(usage, 'utf8')) }
}
