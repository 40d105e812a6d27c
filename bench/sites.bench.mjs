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

/** Does something once all that was written before is on the disk: how long a copy takes follows what it has to wait for. */
const settled = (action) => {
  timed('sync', [])
  return action()
}

/** What a fleet costs: time against a `cp -r` of the result, time for a site against 1,000 sites, and peak memory. */
export default (directory) => {
  const sizes = [10, 100, 1000, 10_000]
  const measured = sizes.map((sites) => {
    const place = join(directory, String(sites))
    const out = join(place, 'out')
    mkdirSync(place)
    writeFileSync(join(place, 'edge.yaml'), spec(sites))
    const generate = (to) => {
      const ms = timed(
        process.execPath,
        ['--import', peakHook, edge, 'generate', '-f', join(place, 'edge.yaml'), '-o', to],
        { PEAK: join(place, 'peak') },
      )
      return { ms, peak: Number(readFileSync(join(place, 'peak'), 'utf8')) / 1024 }
    }
    // What is copied is there before anything is measured, and was read once: no round finds it elsewhere than in memory.
    const source = join(place, 'source')
    generate(source)
    settled(() => timed('cp', ['-r', source, out]))
    const rounds = Array.from({ length: sites >= 1000 ? 5 : 7 }, (_, round) => {
      const measured = {}
      const steps = [
        () => Object.assign(measured, generate(out)),
        () => Object.assign(measured, { copy: timed('cp', ['-r', source, out]) }),
      ]
      // Who comes first changes from pair to pair; both write into the same empty place, with nothing left to write back.
      for (const step of round % 2 === 0 ? steps : steps.toReversed()) {
        rmSync(out, { recursive: true, force: true })
        settled(step)
      }
      return measured
    })
    rmSync(out, { recursive: true })
    rmSync(source, { recursive: true })
    return {
      sites,
      ms: median(rounds.map(({ ms }) => ms)),
      ratio: median(rounds.map(({ ms, copy }) => ms / copy)),
      peak: Math.max(...rounds.map(({ peak }) => peak)),
    }
  })
  const thousand = measured.find(({ sites }) => sites === 1000)
  return {
    results: measured.flatMap(({ sites, ms, ratio, peak }) => [
      // Below a thousand sites the start of Node is most of it.
      {
        name: `generate, ${sites} sites × 5 models, against cp -r`,
        ms,
        ratio,
        ...(sites < 1000 ? {} : { goal: 5, ok: ratio <= 5 }),
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
