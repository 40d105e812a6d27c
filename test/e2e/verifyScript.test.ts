import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../behaviours/rows.ts'
import { expectRow, prepareRows, runIn, runRow, someKey } from '../behaviours/runRow.ts'
import { needs } from '../tools/needs.ts'
import { startRehearsal } from '../tools/router.ts'

const programs = needs('curl', 'jq', 'haproxy', 'openssl', 'dash', 'busybox', 'shellcheck')
const directory = mkdtempSync(join(tmpdir(), 'edge-verify-'))
const bundle = join(directory, 'out')

const run = async (shell: readonly string[], args: readonly string[], env?: Readonly<Record<string, string>>) =>
  runIn(directory, [...shell, ...args], env)

beforeAll(() => {
  prepareRows(directory)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('verify.sh says of', programs, () => {
  test.concurrent.each(rows.filter(({ wire }) => wire).map((row) => [row.name, row] as const))('%s', async (_, row) =>
    expectRow(row, await runRow(row, directory, bundle, ['dash', join(bundle, `probes/${row.model}.sh`)])),
  )

  const some = [
    'a chat, the prompt and the answer full of quotes',
    'a slow start of OVMS: no model, no pod, good',
    'an API key',
    'a counter that lags',
    'an answer without end',
    'nobody there',
  ]
  test.concurrent.each(
    [['bash'], ['bash', '--posix'], ['busybox', 'sh']].flatMap((shell) =>
      some.map((name) => [shell.join(' '), name, shell] as const),
    ),
  )('the same under %s: %s', async (_, name, shell) => {
    const row = rows.find((one) => one.name === name)
    if (row === undefined) throw new Error(name)
    expectRow(row, await runRow(row, directory, bundle, [...shell, join(bundle, `probes/${row.model}.sh`)]))
  })
})

describe('verify.sh', programs, () => {
  test('asks all models, and ends well when all are good', async () => {
    const rehearsal = await startRehearsal(bundle, [])
    try {
      const { status, stdout } = await run(
        ['sh'],
        [
          join(bundle, 'probes/verify.sh'),
          '--host',
          `127.0.0.1:${rehearsal.port}`,
          '--insecure',
          '--token-file',
          'KEY',
        ],
      )
      expect({ status, failed: stdout.match(/^not ok.*/gm) }).toEqual({ status: 0, failed: null })
      for (const model of ['vision', 'text', 'chat', 'keyed', 'limited', 'hidden', 'several', 'tensors'])
        expect(stdout).toMatch(new RegExp(`^ok \\d+ - ${model} `, 'm'))
    } finally {
      rehearsal.stop()
    }
  })

  test.each(['--scheme http', '--scheme https'])(
    'takes a port with the scheme of the route asked: %s',
    async (options) => {
      const rehearsal = await startRehearsal(bundle, [])
      try {
        expect(
          (
            await run(
              ['sh'],
              [
                join(bundle, 'probes/vision.sh'),
                '--host',
                `127.0.0.1:${rehearsal.port}`,
                '--insecure',
                ...options.split(' '),
              ],
            )
          ).status,
        ).toBe(0)
      } finally {
        rehearsal.stop()
      }
    },
  )

  test('--direct asks the pod by the address that oc gives, whatever its Route', async () => {
    const rehearsal = await startRehearsal(bundle, [])
    const bin = mkdtempSync(join(directory, 'bin-'))
    // A fake oc: the pods of a model are at an address of loopback.
    writeFileSync(
      join(bin, 'oc'),
      '#!/bin/sh\nprintf "%s " "$@" >> "$OC_LOG"; echo >> "$OC_LOG"\nprintf "127.0.0.71\\n127.0.0.72\\n"\n',
    )
    chmodSync(join(bin, 'oc'), 0o755)
    const port = 8888
    const config = join(bin, 'haproxy.cfg')
    writeFileSync(
      config,
      `defaults\n  mode http\n  timeout connect 2s\n  timeout client 9s\n  timeout server 9s\nfrontend pod\n  bind 127.0.0.72:${port}\n  http-request set-header Host limited-predictor-ai-demo.apps.example.com\n  default_backend server\nbackend server\n  server one 127.0.0.1:${rehearsal.port}\n`,
    )
    const pod = spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' })
    try {
      const { status, stdout } = await run(['sh'], [join(bundle, 'probes/limited.sh'), '--direct', '--wait', '5'], {
        PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        OC_LOG: join(bin, 'log'),
      })
      expect({ status, failed: stdout.match(/^not ok.*/gm), skipped: stdout.match(/SKIP.*/g) }).toEqual({
        status: 0,
        failed: null,
        skipped: null,
      })
      expect(readFileSync(join(bin, 'log'), 'utf8')).toContain(
        'get pods --request-timeout 10s --namespace ai-demo --selector serving.kserve.io/inferenceservice=limited',
      )
    } finally {
      pod.kill()
      rehearsal.stop()
    }
  })

  test('--direct says when there is no pod', async () => {
    const bin = mkdtempSync(join(directory, 'bin-'))
    writeFileSync(join(bin, 'oc'), '#!/bin/sh\necho "No resources found in ai-demo namespace." >&2\n')
    chmodSync(join(bin, 'oc'), 0o755)
    const result = await run(['sh'], [join(bundle, 'probes/hidden.sh'), '--direct'], {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    })
    expectRow({ name: '', model: 'hidden', exit: 1, failing: [['OVMS-READY', 'no-pod-address']] }, result)
    expect(result.stdout).toContain('No resources found')
  })

  test.each([
    [['--hots', 'x'], 'unknown option --hots'],
    [['--host'], '--host needs a value'],
    [['--host='], '--host needs a value'],
    [['--host', '::1'], 'IPv6 address in brackets'],
    [['--host', '[::1]:'], 'no good port'],
    [['--host', 'a b'], 'no address'],
    [['--host', '$(id)'], 'no address'],
    [['--host', '10.0.0.1:99999999'], 'no good port'],
    [['--timeout', '0'], '--timeout takes whole seconds'],
    [['--wait', 'soon'], '--wait takes whole seconds'],
    [['--scheme', 'ftp'], '--scheme is http or https'],
    [['--token-file', 'gone'], 'cannot read gone'],
    [['--ca-file', 'gone'], 'cannot read gone'],
    [['--site', 'plant-b'], 'no site "plant-b"; sites: plant-a'],
    [['--model', 'visoin'], 'no model "visoin"; models: vision, '],
    [['more'], 'unknown option more'],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await run(['sh'], [join(bundle, 'probes/verify.sh'), ...args])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(`verify.sh: `)
    expect(stderr).toContain(message)
  })

  test('says which program is missing: exit status 3', async () => {
    const bin = mkdtempSync(join(directory, 'bin-'))
    for (const program of ['dirname', 'mktemp', 'cat', 'rm'])
      writeFileSync(
        join(bin, program),
        `#!/bin/sh\nexec ${spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim()} "$@"\n`,
        { mode: 0o755 },
      )
    const { status, stderr } = await run(['/bin/sh'], [join(bundle, 'probes/verify.sh')], { PATH: bin })
    expect({ status, stderr }).toEqual({ status: 3, stderr: 'verify.sh: curl is not installed\n' })
  })

  test('works from anywhere, also by a link and with a name that has spaces', async () => {
    const rehearsal = await startRehearsal(bundle, [])
    const odd = join(directory, "it's an $(odd) place")
    spawnSync('cp', ['-r', bundle, odd])
    try {
      const link = join(directory, 'link.sh')
      symlinkSync(join(odd, 'probes/vision.sh'), link)
      for (const shell of [[join(odd, 'probes/vision.sh')], ['sh', link], [link]])
        expect((await run(shell, ['--host', `127.0.0.1:${rehearsal.port}`, '--insecure'])).status).toBe(0)
    } finally {
      rehearsal.stop()
    }
  })

  test('leaves nothing behind, and shows no key in its arguments', async () => {
    const rehearsal = await startRehearsal(bundle, ['--behaviour', 'hung-engine'])
    const own = mkdtempSync(join(directory, 'tmp-'))
    try {
      const running = run(
        ['sh'],
        [
          join(bundle, 'probes/keyed.sh'),
          '--host',
          `127.0.0.1:${rehearsal.port}`,
          '--insecure',
          '--timeout',
          '2',
          '--token-file',
          'KEY',
        ],
        { TMPDIR: own },
      )
      const seen: string[] = []
      for (let ended = false; !ended;) {
        seen.push(
          spawnSync('sh', ['-c', "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '"], { encoding: 'utf8' }).stdout,
        )
        ended = await Promise.race([
          running.then(() => true),
          new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 100)),
        ])
      }
      expect(seen.some((text) => text.includes('--max-time'))).toBe(true)
      expect(seen.some((text) => text.includes(someKey))).toBe(false)
      expect(readdirSync(own)).toEqual([])
    } finally {
      rehearsal.stop()
    }
  })
})

describe('the scripts', programs, () => {
  test('are clean for shellcheck', () => {
    const scripts = readdirSync(join(bundle, 'probes'))
      .filter((name) => name.endsWith('.sh'))
      .map((name) => join(bundle, 'probes', name))
    expect(spawnSync('shellcheck', ['--shell=sh', ...scripts], { encoding: 'utf8' }).stdout).toBe('')
  })

  test('use no option or variable of curl that 7.76 lacks', () => {
    const script = readFileSync(join(bundle, 'probes/verify.sh'), 'utf8')
    const call = /^ask\(\) \{\n.*?\n\}\n/ms.exec(script)?.[0] ?? ''
    const options = new Set(call.match(/(?<=[\s(])--?[a-z][a-z0-9.-]*/g)?.filter((option) => !ofOthers.has(option)))
    expect([...options].filter((option) => !(option in curlOptions))).toEqual([])
    expect(options.size).toBeGreaterThan(10)
    const variables = new Set(call.match(/%\{\w+\}/g))
    expect([...variables].sort()).toEqual(Object.keys(curlVariables).sort())
    for (const version of [...Object.values(curlOptions), ...Object.values(curlVariables)])
      expect(Number(version.split('.')[0]) * 1000 + Number(version.split('.')[1]), version).toBeLessThanOrEqual(7076)
  })
})

/** Options of other programs in the same function. */
const ofOthers = new Set([
  '--request-timeout',
  '--namespace',
  '--selector',
  '--field-selector',
  '--sort-by',
  '--output',
  '-c',
  '-n',
  '-r',
  '-z',
])

/** The options that the script uses, with the version of curl that brought them. Source: curl's docs/options-in-versions. */
const curlOptions: Readonly<Record<string, string>> = {
  '-q': '5.0',
  '--silent': '4.0',
  '--globoff': '7.6',
  '--path-as-is': '7.42',
  '--http1.1': '7.33',
  '--noproxy': '7.19',
  '--max-time': '4.0',
  '--request': '6.0',
  '--header': '5.0',
  '--connect-to': '7.49',
  '--insecure': '7.10',
  '--cacert': '7.5',
  '--data-binary': '7.2',
  '--write-out': '6.5',
  '--url': '7.5',
}

/** The same of `--write-out`. */
const curlVariables: Readonly<Record<string, string>> = {
  '%{stderr}': '7.63',
  '%{http_code}': '6.5',
  '%{exitcode}': '7.75',
  '%{time_connect}': '6.5',
  '%{time_total}': '6.5',
  '%{content_type}': '7.9',
  '%{errormsg}': '7.75',
}
