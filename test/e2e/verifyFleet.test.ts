import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runIn } from '../behaviours/runRow.ts'
import { edge, edgePath } from '../tools/edge.ts'
import { needs } from '../tools/needs.ts'
import { projectRoot } from '../tools/root.ts'
import { freePort } from '../tools/freePort.ts'
import { startRehearsal } from '../tools/router.ts'

const directory = mkdtempSync(join(tmpdir(), 'edge-fleet-'))
const bundle = join(directory, 'out')
const stops: (() => void)[] = []
let ports: Readonly<Record<'good' | 'site' | 'wrong' | 'silent' | 'nobody', number>>

/** A device that takes connections and says nothing. */
const silence = async (): Promise<{ port: number; server: Server }> => {
  const server = createServer(() => undefined)
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { port, server }
}

beforeAll(async () => {
  expect(
    edge(['generate', '-f', join(projectRoot, 'test/behaviours/edge.yaml'), '-o', bundle, '--log-level', 'error'])
      .stderr,
  ).toBe('')
  const [good, site, wrong, silent] = [
    await startRehearsal(bundle, []),
    await startRehearsal(bundle, ['--site', 'plant-a']),
    await startRehearsal(bundle, ['--behaviour', 'wrong-answer']),
    await silence(),
  ]
  stops.push(good.stop, site.stop, wrong.stop, () => silent.server.close())
  ports = { good: good.port, site: site.port, wrong: wrong.port, silent: silent.port, nobody: await freePort() }
})
afterAll(() => {
  for (const stop of stops) stop()
  rmSync(directory, { recursive: true, force: true })
})

const verify = async (...args: readonly string[]) =>
  runIn(directory, [
    process.execPath,
    edgePath,
    'verify',
    bundle,
    '--insecure',
    '--model',
    'vision',
    '--model',
    'text',
    ...args,
  ])
const write = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text)
  return name
}
const results = (name: string) =>
  readFileSync(join(directory, name), 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          host: string
          verdict: string
          site?: string
          labels: object
          checks: { id: string; failure?: { cause: string } }[]
        },
    )

describe('edge verify --inventory', () => {
  test('asks each device of a YAML file at its site; the summary goes by site and cause', async () => {
    const inventory = write(
      'fleet.yaml',
      `
- {host: "127.0.0.1:${ports.good}", labels: {line: 3}}
- {host: "localhost:${ports.site}", site: plant-a, labels: {line: "4"}}
- {host: "127.0.0.1:${ports.wrong}", labels: {line: 3}}
- "127.0.0.1:${ports.nobody}"
`,
    )
    const { status, stdout } = await verify(
      '--inventory',
      inventory,
      '--format',
      'table',
      '--format',
      'ndjson',
      '-o',
      'results.ndjson',
    )
    expect(status).toBe(1)
    expect(stdout).toContain(
      `127.0.0.1:${ports.wrong}: FAILED: vision OVMS-INFER: wrong-answer, text VLLM-COMPLETE: wrong-answer\n`,
    )
    expect(stdout).toContain(`127.0.0.1:${ports.nobody}: NO ANSWER: vision OVMS-READY: nobody-there`)
    expect(stdout).toMatch(/SITE {5}GOOD {2}FAILED {2}NO ANSWER\n- {8}1 {5}1 {7}1\nplant-a {2}1 {5}0 {7}0\n/)
    expect(stdout).toContain('4 devices: 2 good, 1 failed, 1 did not answer\n')
    const byHost = new Map(results('results.ndjson').map((result) => [result.host, result]))
    expect([...byHost.values()].map(({ verdict }) => verdict).sort()).toEqual(['fail', 'pass', 'pass', 'unreachable'])
    expect(byHost.get(`localhost:${ports.site}`)).toMatchObject({
      site: 'plant-a',
      labels: { line: '4' },
      verdict: 'pass',
    })
  })

  test('ends with 3 when nobody failed and one did not answer, and with 0 when all are good', async () => {
    const inventory = write('some.csv', `host,site,line\n127.0.0.1:${ports.good},,3\n127.0.0.1:${ports.nobody},,4\n`)
    expect((await verify('--inventory', inventory)).status).toBe(3)
    expect((await verify('--inventory', inventory, '--selector', 'line=3')).status).toBe(0)
    expect((await verify('--inventory', inventory, '--selector', 'line!=3')).status).toBe(3)
    expect(await verify('--inventory', inventory, '--selector', 'line=5')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no device of some.csv is what --selector asks for') as string,
    })
  })

  test('a device that says nothing costs its own time-out: the others are done before', async () => {
    const inventory = write('slow.csv', `host\n127.0.0.1:${ports.silent}\n127.0.0.1:${ports.good}\n`)
    await verify(
      '--inventory',
      inventory,
      '--timeout',
      '2',
      '--concurrency',
      '2',
      '--format',
      'ndjson',
      '-o',
      'slow.ndjson',
    )
    expect(results('slow.ndjson').map(({ verdict }) => verdict)).toEqual(['pass', 'fail'])
  })

  test('--max-failures stops asking; --resume asks only those that were not good, and adds to the file', async () => {
    const inventory = write(
      'many.csv',
      `host\n127.0.0.1:${ports.wrong}\n127.0.0.1:${ports.good}\nlocalhost:${ports.good}\n`,
    )
    const stopped = await verify(
      '--inventory',
      inventory,
      '--max-failures',
      '1',
      '--concurrency',
      '1',
      '--resume',
      write('resumed.ndjson', ''),
    )
    expect(stopped).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        '2 of 3 devices were not asked, or not to the end: as many are not good as --max-failures allows, 1',
      ) as string,
    })
    expect(results('resumed.ndjson').map(({ host }) => host)).toEqual([`127.0.0.1:${ports.wrong}`])
    const rest = await verify('--inventory', inventory, '--resume', 'resumed.ndjson')
    expect(rest.stdout).toContain('3 devices: 2 good, 1 failed, 0 did not answer')
    expect(results('resumed.ndjson')).toHaveLength(4)
    const again = await verify('--inventory', inventory, '--resume', 'resumed.ndjson')
    expect(again.stdout).toContain('3 devices: 2 good, 1 failed, 0 did not answer')
    expect(results('resumed.ndjson')).toHaveLength(5)
  })

  test('a line that was cut off in the file of --resume is no result; another file is refused', async () => {
    const inventory = write('one.csv', `host\n127.0.0.1:${ports.good}\n`)
    expect((await verify('--inventory', inventory, '--resume', write('cut.ndjson', '{"host":"127.0'))).status).toBe(0)
    expect(await verify('--inventory', inventory, '--resume', write('other.ndjson', 'a\nb\n'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('other.ndjson:1: this is no result of edge verify') as string,
    })
  })

  test('what was good for other questions, or is not in the inventory, is not good now', async () => {
    const both = write('both.csv', `host\n127.0.0.1:${ports.good}\nlocalhost:${ports.good}\n`)
    expect((await verify('--inventory', both, '--resume', 'questions.ndjson')).status).toBe(0)
    const one = write('localhost.csv', `host\nlocalhost:${ports.good}\n`)
    const resumed = await verify('--inventory', one, '--resume', 'questions.ndjson')
    expect(resumed.stdout).toContain('1 device: 1 good, 0 failed, 0 did not answer\n')
    expect(results('questions.ndjson')).toHaveLength(2)
    const more = await verify('--inventory', both, '--resume', 'questions.ndjson', '--model', 'chat')
    expect(more.stderr).toContain(
      '2 in questions.ndjson were good for another bundle, or asked otherwise: they are asked again',
    )
    expect(results('questions.ndjson')).toHaveLength(4)
  })

  test('a line that was cut off stays alone: the results after it are kept', async () => {
    const inventory = write('one.csv', `host\n127.0.0.1:${ports.good}\n`)
    await verify('--inventory', inventory, '--resume', 'torn.ndjson')
    write('torn.ndjson', readFileSync(join(directory, 'torn.ndjson'), 'utf8').slice(0, -40))
    expect((await verify('--inventory', inventory, '--resume', 'torn.ndjson')).status).toBe(0)
    expect(readFileSync(join(directory, 'torn.ndjson'), 'utf8').trim().split('\n')).toHaveLength(2)
    expect((await verify('--inventory', inventory, '--resume', 'torn.ndjson')).stdout).toContain('1 device: 1 good')
    expect(readFileSync(join(directory, 'torn.ndjson'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('a device of which nothing can be asked is not good', async () => {
    const hidden = await runIn(directory, [
      process.execPath,
      edgePath,
      'verify',
      bundle,
      '--insecure',
      '--model',
      'hidden',
      '--inventory',
      write('hidden.csv', `host\n127.0.0.1:${ports.good}\n`),
    ])
    expect(hidden).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('hidden NOTHING-ASKED: nothing-asked') as string,
    })
  })

  test('says everything that is wrong in an inventory, and asks nobody', async () => {
    const { status, stderr } = await verify(
      '--inventory',
      write(
        'bad.yaml',
        '- {host: "a b"}\n- {site: plant-a}\n- {host: 10.0.0.1, site: plant-b}\n- {host: 10.0.0.2}\n- {host: 10.0.0.2}\n- {host: "::1"}\n- {host: 10.0.0.3, labels: [1]}\n- {host: 10.0.0.4, stie: plant-a}\n',
      ),
    )
    expect(status).toBe(2)
    for (const words of [
      '7 entries cannot be used',
      'entry 1: "a b" is no address',
      'entry 2: it has no host',
      'entry 3: the bundle has no site "plant-b"',
      'entry 5: 10.0.0.2 is there already, at entry 4',
      'entry 6: "::1" is no address',
      'entry 7: labels is no map',
      'entry 8: unknown field "stie"',
    ])
      expect(stderr).toContain(words)
    expect(await verify('--inventory', write('bad.csv', 'host,site\n10.0.0.1\n"10.0.0.2",,x\n'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('line 2: 1 cells, and 2 columns') as string,
    })
    expect(await verify('--inventory', write('quote.csv', 'host,site\nfo"o.localhost,\n'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('line 2: a quote stands where none may') as string,
    })
    expect(await verify('--inventory', write('empty.csv', 'host\n'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('names no device') as string,
    })
    expect(await verify('--inventory', write('columns.csv', 'address\n10.0.0.1\n'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no column "host"') as string,
    })
  })

  test('Ctrl-C ends with what is known', async () => {
    const inventory = write('interrupted.csv', `host\n127.0.0.1:${ports.good}\n127.0.0.1:${ports.silent}\n`)
    const child = spawn(
      process.execPath,
      [
        edgePath,
        'verify',
        bundle,
        '--insecure',
        '--model',
        'vision',
        '--inventory',
        inventory,
        '--timeout',
        '60',
        '--format',
        'table',
        '--resume',
        'interrupted.ndjson',
        '--format',
        'json',
        '-o',
        'interrupted.json',
      ],
      { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    while (
      !existsSync(join(directory, 'interrupted.ndjson')) ||
      readFileSync(join(directory, 'interrupted.ndjson'), 'utf8') === ''
    )
      await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const status = await new Promise((resolve) => child.once('close', resolve))
    expect({ status, said: stdout.includes('1 device: 1 good, 0 failed, 0 did not answer; 1 not asked') }).toEqual({
      status: 130,
      said: true,
    })
    expect(JSON.parse(readFileSync(join(directory, 'interrupted.json'), 'utf8'))).toMatchObject({
      summary: { left: 1, devices: { pass: 1 } },
    })
  })
})

describe('edge verify of one device', () => {
  test('writes several formats at once; each says the same', needs('python3'), async () => {
    const formats = ['json', 'ndjson', 'junit', 'tap', 'prometheus', 'html'].flatMap((format) => [
      '--format',
      format,
      '-o',
      `report.${format}`,
    ])
    const { status, stdout } = await verify('--host', `127.0.0.1:${ports.wrong}`, '--format', 'table', ...formats)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^vision {2}OVMS-INFER +FAILED +\d+ ms$/m)
    expect(stdout).toContain(
      '  expected: the largest value of an output at index 309\n  came:     the largest value at index 1\n',
    )
    const read = (format: string) => readFileSync(join(directory, `report.${format}`), 'utf8')
    expect(JSON.parse(read('json'))).toMatchObject({
      bundle: 'behaviours',
      devices: [{ verdict: 'fail' }],
      summary: { causes: { 'wrong-answer': 1 } },
    })
    expect(read('tap')).toMatch(/^not ok 4 - vision OVMS-INFER$/m)
    expect(read('prometheus')).toMatch(
      /^edge_check_good\{bundle="behaviours",host="127\.0\.0\.1:\d+",site="",model="vision",check="OVMS-INFER",cause="wrong-answer"\} 0$/m,
    )
    expect(
      JSON.parse(/<script id="data" type="application\/json">([^]*?)<\/script>/.exec(read('html'))?.[1] ?? ''),
    ).toMatchObject({
      facts: { bundle: 'behaviours', isFleet: false },
      devices: [{ verdict: 'fail' }],
      summary: { causes: { 'wrong-answer': 1 } },
    })
    const xml =
      'import sys,xml.etree.ElementTree as e; t=e.parse(sys.argv[1]); print(len(t.findall(".//testcase")), len(t.findall(".//failure")), len(t.findall(".//skipped")))'
    const { stdout: counted } = spawnSync('python3', ['-c', xml, join(directory, 'report.junit')], { encoding: 'utf8' })
    expect(counted).toBe('12 2 2\n')
  })

  test('--soak repeats the checks, and says how long they took', async () => {
    // As long as it takes on this machine to ask three times.
    for (const seconds of [1, 8, 64]) {
      const { status, stdout } = await verify('--host', `127.0.0.1:${ports.good}`, '--soak', `${seconds}s`)
      expect(status).toBe(0)
      expect(stdout).toMatch(/^MODEL +CHECK +RESULT +TOOK +ROUNDS +FAILED +P50 +P95 +P99 +MAX$/m)
      const rounds = Number(/^vision +OVMS-INFER +good +\d+ ms +(\d+) /m.exec(stdout)?.[1])
      if (rounds > 2 || seconds === 64) {
        expect(rounds).toBeGreaterThan(2)
        return
      }
    }
  })

  test.each([
    [['--host', '::1'], 'write an IPv6 address in brackets: [::1]'],
    [['--host', 'x:99999'], 'is no address'],
    [['--timeout', 'soon'], '--timeout takes seconds'],
    [['--soak', 'long'], '--soak takes a duration'],
    [['--model', 'visio'], 'did you mean vision?'],
    [['--site', 'plant-z'], 'the bundle has no site "plant-z"'],
    [['--token-file', 'gone'], 'cannot read gone'],
    [['--inventory', 'x.csv', '--host', 'y'], 'give either --inventory or --host, not both'],
    [['--selector', 'a=b'], '--selector goes with --inventory'],
    [['--format', 'tap', '-o', 'same', '--format', 'json', '-o', 'same'], 'two formats go to one file, same'],
    [['--format', 'tap', '-o', 'no/such/place'], 'cannot write no/such/place'],
  ])('refuses %j', async (args, words) => {
    const { status, stdout, stderr } = await verify(...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(words)
  })
})
