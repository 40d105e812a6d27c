import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const edge = join(root, 'dist/main.js')
const concurrency = 256
const timeout = 5

/** Writes CPU time in microseconds and the peak of memory in kilobytes into the file that USAGE names, when the process ends. */
const usageHook = `data:text/javascript,${encodeURIComponent("import { writeFileSync } from 'node:fs'; process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); writeFileSync(process.env.USAGE, JSON.stringify({ cpu: userCPUTime + systemCPUTime, memory: maxRSS })) })")}`

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

/** `edge verify` of fleets on loopback addresses, against the script for one model under xargs. */
export default async (directory) => {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  writeFileSync(join(directory, 'edge.yaml'), spec)
  writeFileSync(join(directory, 'picture.png'), readFileSync(join(root, 'examples/ovms-resnet50/picture.png')))
  execFileSync(process.execPath, [edge, 'generate', '-f', 'edge.yaml', '-o', 'out', '--log-level', 'error'], {
    cwd: directory,
    env,
  })
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      'hosts.key',
      '-out',
      'hosts.crt',
      '-subj',
      '/CN=bench',
    ],
    { cwd: directory, stdio: 'ignore' },
  )
  const server = spawn(process.execPath, [join(import.meta.dirname, 'verifyServer.mjs'), directory], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise((found) => server.stdout.once('data', (text) => found(Number(text))))
  try {
    const address = (index) => `127.1.${index >> 8}.${index & 255 || 255}`
    const fleet = (name, hosts) => {
      writeFileSync(join(directory, name), `host,site\n${hosts.map((host) => `${host}:${port},\n`).join('')}`)
      const usage = join(directory, 'usage')
      const start = process.hrtime.bigint()
      const { status, stderr } = spawnSync(
        process.execPath,
        [
          '--import',
          usageHook,
          edge,
          'verify',
          'out',
          '--inventory',
          name,
          '--concurrency',
          String(concurrency),
          '--timeout',
          String(timeout),
          '--insecure',
          '--format',
          'ndjson',
          '-o',
          `${name}.ndjson`,
        ],
        { cwd: directory, env: { ...env, USAGE: usage }, encoding: 'utf8' },
      )
      if (status === null || status > 3) throw new Error(stderr)
      return {
        seconds: Number(process.hrtime.bigint() - start) / 1e9,
        status,
        ...JSON.parse(readFileSync(usage, 'utf8')),
      }
    }
    const hosts = (count) =>
      [...new Set(Array.from({ length: count + 100 }, (_, index) => address(index)))].slice(0, count)
    fleet('warm.csv', hosts(50))
    const thousand = fleet('thousand.csv', hosts(1000))
    const ten = fleet('ten.csv', hosts(10_000))
    // One in a hundred says nothing: each costs its time-out.
    const dead = fleet(
      'dead.csv',
      hosts(1000).map((host, index) => (index % 100 === 50 ? `127.99.0.${(index / 100 + 1) | 0}` : host)),
    )

    writeFileSync(
      join(directory, 'sample'),
      hosts(200)
        .map((host) => `${host}:${port}\n`)
        .join(''),
    )
    const script = `xargs -a sample -P ${concurrency} -I HOST sh out/probes/vision.sh --host HOST --insecure --timeout ${timeout} > tap; times > used; tail -n 1 used`
    const [user, system] = execFileSync('bash', ['-c', script], { cwd: directory, env, encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .map(secondsOf)
    const perScript = ((user + system) * 1000) / 200
    const row = (name, ms, ratio, goal) => ({
      name,
      ms,
      ratio,
      goal,
      ok: goal === undefined ? undefined : ratio <= goal,
    })
    const cpu = ({ cpu }, count) => cpu / 1000 / count
    const expected = Math.ceil(10 / concurrency) * timeout
    return {
      rows: [],
      rounds: 1,
      results: [
        row('CPU for a device: MODEL.sh under xargs, 200 devices', perScript, 1),
        row('CPU for a device: edge verify, 1,000 devices', cpu(thousand, 1000), cpu(thousand, 1000) / perScript, 0.1),
        row('CPU for a device: edge verify, 10,000 devices', cpu(ten, 10_000), cpu(ten, 10_000) / perScript, 0.1),
        row('peak memory in MB, 1,000 devices, against 200', thousand.memory / 1024, thousand.memory / 1024 / 200, 1),
        row('peak memory in MB, 10,000 devices, against 200', ten.memory / 1024, ten.memory / 1024 / 200, 1),
        row(
          'time, 1,000 devices, 10 dead, against all good and their time-out',
          dead.seconds * 1000,
          dead.seconds / (thousand.seconds + expected),
          1.1,
        ),
      ],
    }
  } finally {
    server.kill()
  }
}

/** `0m1.234s` */
const secondsOf = (text) => {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(text)
  return Number(minutes) * 60 + Number(seconds)
}
