import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const edge = join(resolve(import.meta.dirname, '..'), 'dist/main.js')
const digest = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'

/** Writes the peak of resident memory, in kilobytes, into the file that PEAK names, when the process ends. */
const peakHook = `data:text/javascript,${encodeURIComponent("import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)))")}`

/** 5 models; each site has a base domain of its own and changes two of them. */
const spec = (sites) => `apiVersion: edge.microshift.dev/v1alpha1
kind: EdgeBundle
metadata: {name: fleet}
spec:
  models:
${[1, 2, 3, 4, 5].map((model) => `  - {name: model-${model}, source: "oci://registry.example.com/m/model-${model}@${digest}", format: openvino_ir}`).join('\n')}
  sites:
${Array.from({ length: sites }, (_, site) => `  - {name: site-${site}, baseDomain: site-${site}.example.com, models: {model-1: {replicas: 2}, model-2: {args: ["--nireq=${site}"]}}}`).join('\n')}
`

const timed = (program, args, env = {}) => {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env
  const start = process.hrtime.bigint()
  const { status, stderr } = spawnSync(program, args, {
    env: { ...rest, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit status ${status}\n${stderr.slice(0, 2000)}`)
  return Number(process.hrtime.bigint() - start) / 1e6
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** What a fleet costs: time against a `cp -r` of the result, time for a site against 1,000 sites, and peak memory. */
export default (directory) => {
  const sizes = [10, 100, 1000, 10_000]
  const measured = sizes.map((sites) => {
    const place = join(directory, String(sites))
    const out = join(place, 'out')
    const copy = join(place, 'copy')
    mkdirSync(place)
    writeFileSync(join(place, 'edge.yaml'), spec(sites))
    const rounds = Array.from({ length: sites >= 1000 ? 3 : 7 }, () => {
      rmSync(out, { recursive: true, force: true })
      rmSync(copy, { recursive: true, force: true })
      const ms = timed(
        process.execPath,
        ['--import', peakHook, edge, 'generate', '-f', join(place, 'edge.yaml'), '-o', out],
        { PEAK: join(place, 'peak') },
      )
      return {
        ms,
        copy: timed('cp', ['-r', out, copy]),
        peak: Number(readFileSync(join(place, 'peak'), 'utf8')) / 1024,
      }
    })
    rmSync(out, { recursive: true })
    rmSync(copy, { recursive: true })
    return {
      sites,
      ms: median(rounds.map(({ ms }) => ms)),
      copy: median(rounds.map(({ copy }) => copy)),
      peak: Math.max(...rounds.map(({ peak }) => peak)),
    }
  })
  const thousand = measured.find(({ sites }) => sites === 1000)
  return {
    results: measured.flatMap(({ sites, ms, copy, peak }) => [
      // Below a thousand sites the start of Node is most of it.
      {
        name: `generate, ${sites} sites × 5 models, against cp -r`,
        ms,
        ratio: ms / copy,
        ...(sites < 1000 ? {} : { goal: 5, ok: ms / copy <= 5 }),
      },
      ...(sites > 1000
        ? [
            {
              name: `time for a site, ${sites} sites against 1000`,
              ms: ms / sites,
              ratio: ms / sites / (thousand.ms / 1000),
              goal: 1.3,
              ok: ms / sites <= 1.3 * (thousand.ms / 1000),
            },
          ]
        : []),
      { name: `peak memory in MB, ${sites} sites, against 300`, ms: peak, ratio: peak / 300, goal: 1, ok: peak <= 300 },
    ]),
  }
}
