// npm run fuzz [TARGET …] [-- --seconds N] [--seed N]: gives changed inputs to all that reads text from elsewhere, in this process,
// until the time is over or for ever. What fails is kept in test/fuzz/found/TARGET, where the tests try it again. Exits 1 when
// something did.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { loadTargets, seedsOf } from './load.mjs'

/** Seconds that an input may take on a machine with other work. */
const slow = 10
/** Seconds after which an input is taken for one that never ends. */
const endless = 60

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
})
process.chdir(resolve(import.meta.dirname, '../..'))
process.env.NO_COLOR = '1'

const { targets, mutate, makeRandom, problemOf } = await loadTargets()
const unknown = positionals.filter((name) => !targets.some((target) => target.name === name))
if (unknown.length > 0) {
  console.error(`no target ${unknown.join(', ')}; there are: ${targets.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const seed = values.seed === undefined ? (Math.random() * 2 ** 32) >>> 0 : Number(values.seed)
const until = values.seconds === undefined ? Infinity : performance.now() + Number(values.seconds) * 1000
console.log(`seed ${seed}: again with -- --seed ${seed}`)

// Its own thread: one that looks while this one is held up.
const beat = new Int32Array(new SharedArrayBuffer(4))
const watch = new Worker(
  `const { workerData: { beat, endless, place } } = require('node:worker_threads')
   let last = -1, since = Date.now()
   setInterval(() => {
     const now = Atomics.load(beat, 0)
     if (now !== last) { last = now; since = Date.now() }
     else if (Date.now() - since > endless * 1000) {
       require('node:fs').writeSync(2, 'an input does not end: it is ' + place + '\\n')
       process.kill(process.pid, 'SIGKILL')
     }
   }, 1000)`,
  { eval: true, workerData: { beat, endless, place: join('node_modules/.cache', 'edge-fuzz-input') } },
)
watch.unref()

const counts = new Map(chosen.map(({ name }) => [name, 0]))
const found = new Set()
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
const all = await Promise.all(
  chosen.map(async (target, index) => ({
    target,
    random: makeRandom(seed + index),
    seeds: (await seedsOf(target)).map(({ bytes }) => bytes),
  })),
)
for (const { target, seeds } of all) for (const bytes of seeds) await attempt(target, bytes)
for (let round = 0; !interrupted.signal.aborted && performance.now() < until; round++) {
  const { target, random, seeds } = all[round % all.length]
  await attempt(target, mutate(random.pick(seeds), random.pick(seeds), random))
}
for (const [name, count] of counts) console.log(`${name}: ${count} inputs`)
console.log(`${[...counts.values()].reduce((sum, count) => sum + count, 0)} inputs, ${found.size} found`)
process.exit(found.size > 0 ? 1 : 0)

async function attempt(target, bytes) {
  writeFileSync('node_modules/.cache/edge-fuzz-input', bytes)
  Atomics.add(beat, 0, 1)
  counts.set(target.name, counts.get(target.name) + 1)
  const start = performance.now()
  const problem = await problemOf(target, bytes)
  const seconds = (performance.now() - start) / 1000
  const wrong = problem ?? (seconds > slow ? `takes ${seconds.toFixed(1)} s` : undefined)
  if (wrong === undefined) return
  // One for each place in the code: what differs in the message alone is the same.
  const kind = `${target.name} ${/^ +at .*$/m.exec(wrong)?.[0] ?? wrong.slice(0, 40)}`
  if (found.has(kind)) return
  found.add(kind)
  const directory = join('test/fuzz/found', target.name)
  const file = join(directory, createHash('sha256').update(bytes).digest('hex').slice(0, 12))
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, bytes)
  console.log(`FOUND ${file}: ${wrong.split('\n').slice(0, 6).join('\n')}`)
}
