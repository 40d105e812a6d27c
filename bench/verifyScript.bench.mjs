import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const edge = join(root, 'dist/main.js')
const rounds = 15

/** CPU of MODEL.sh for a model with six questions, against its six requests made by curl alone: what is asked of a device's core. */
export default async (directory) => {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const out = join(directory, 'out')
  execFileSync(process.execPath, [edge, 'generate', '--example', 'ovms-resnet50', '-o', out, '--log-level', 'error'], {
    env,
  })
  const server = spawn(process.execPath, [edge, 'rehearse', out, '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const port = await new Promise((found) => {
      let said = ''
      server.stdout.on('data', (text) => {
        said += text
        const match = /--host 127\.0\.0\.1:(\d+)/.exec(said)
        if (match !== null) found(match[1])
      })
    })
    const probes = JSON.parse(readFileSync(join(out, 'probes/probes.json'), 'utf8'))
    const [model] = probes.models
    const host = model.route.host ?? `${model.route.label}.apps.${probes.baseDomain}`
    const curls = model.probes
      .map(({ method, path, headers, body }) =>
        [
          `curl -q -s -k --http1.1 --connect-to "${host}::127.0.0.1:${port}" -X ${method}`,
          ...Object.entries(headers).map(([name, value]) => `-H "${name}: ${value}"`),
          ...(body === undefined ? [] : [`--data-binary "@${join(out, 'probes/data', body)}"`]),
          `-o /dev/null "https://${host}${path}"`,
        ].join(' '),
      )
      .join('\n')
    const script = `sh ${join(out, `probes/${model.name}.sh`)} --host 127.0.0.1:${port} --insecure > /dev/null`
    const times = { curls: [], script: [] }
    for (let round = 0; round < rounds; round++) {
      times.curls.push(cpuOf(curls, env))
      times.script.push(cpuOf(script, env))
    }
    const [ofCurls, ofScript] = [median(times.curls), median(times.script)]
    const ratio = ofScript / ofCurls
    return {
      rows: [],
      rounds: 1,
      results: [
        { name: `CPU of the ${model.probes.length} requests of a model: curl alone`, ms: ofCurls, ratio: 1 },
        { name: 'CPU of the same by MODEL.sh', ms: ofScript, ratio, goal: 2.5, ok: ratio <= 2.5 },
      ],
    }
  } finally {
    server.kill()
  }
}

/** Milliseconds of CPU, user and system, of what a script starts. */
const cpuOf = (script, env) => {
  const said = execFileSync('bash', ['-c', `set -e\n${script}\ntimes`], { env, encoding: 'utf8' })
  const [own, children] = said.trim().split('\n').slice(-2)
  return [own, children]
    .flatMap((line) => line.split(' '))
    .reduce((sum, time) => {
      const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(time)
      return sum + (Number(minutes) * 60 + Number(seconds)) * 1000
    }, 0)
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
