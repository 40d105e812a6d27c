import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../tools/contents.ts'
import { edge, edgePath, temporaryDirectory } from '../tools/edge.ts'
import { environment } from '../tools/environment.ts'

const images = ['images', '--example', 'ovms-resnet50']

/** Runs a shell command line in which `$EDGE` is the built command. */
const shell = (line: string, directory: string) =>
  spawnSync('sh', ['-c', line], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...environment, EDGE: `${process.execPath} ${edgePath}` },
  })

test('-o replaces a file, and - is standard output', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'list'), 'old')
  const { stdout } = edge(images)
  expect(edge([...images, '-o', 'list'], { cwd: directory })).toMatchObject({ status: 0, stdout: '' })
  expect(contentsOf(directory)).toEqual({ list: stdout })
  expect(edge([...images, '-o', '-'])).toMatchObject({ status: 0, stdout })
})

test('a format belongs to the output after it', () => {
  const directory = temporaryDirectory()
  const { stdout } = edge([...images, '--format', 'json', '-o', 'list.json', '--format', 'text'], { cwd: directory })
  expect(stdout).toBe(edge(images).stdout)
  expect(readFileSync(join(directory, 'list.json'), 'utf8')).toBe(edge([...images, '--format', 'json']).stdout)
})

test('-o writes through a symbolic link', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'target'), 'old')
  symlinkSync('target', join(directory, 'link'))
  expect(edge([...images, '-o', 'link'], { cwd: directory }).status).toBe(0)
  expect(contentsOf(directory)).toEqual({ link: '-> target', target: edge(images).stdout })
})

test('-o writes into a named pipe', () => {
  const directory = temporaryDirectory()
  const { stdout } = shell(
    'mkfifo pipe; timeout 20 cat pipe > got & $EDGE images --example ovms-resnet50 -o pipe; test -p pipe && echo still a pipe; test -p pipe || kill $!; wait',
    directory,
  )
  expect(stdout).toBe('still a pipe\n')
  expect(readFileSync(join(directory, 'got'), 'utf8')).toBe(edge(images).stdout)
})

test.each(['images --example ovms-resnet50', 'generate --example ovms-resnet50 --dry-run', 'schema'])(
  'a full disk behind standard output is exit status 3: %s',
  (command) => {
    const { status, stderr } = shell(`$EDGE ${command} > /dev/full`, '/')
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining('the disk is full') as unknown })
    expect(stderr).not.toMatch(/^ {4}at /m)
  },
)

test('a reader that stops early is no error', () => {
  const { stdout, stderr } = shell('{ $EDGE schema; echo "status $?" >&2; } | head -c 1', '/')
  expect({ stdout, stderr }).toEqual({ stdout: '{', stderr: 'status 0\n' })
})

describe('the exit status is that of the whole, whoever stops to read', () => {
  const prepare = () => {
    const directory = temporaryDirectory()
    edge(['generate', '--example', 'ovms-resnet50', '-o', 'out'], { cwd: directory })
    cpSync(join(directory, 'out'), join(directory, 'damaged'), { recursive: true })
    appendFileSync(join(directory, 'damaged/README.md'), 'more')
    // Nothing listens at port 1: 200 devices write more than a pipe holds.
    writeFileSync(
      join(directory, 'fleet.csv'),
      `host\n${Array.from({ length: 200 }, (_, index) => `127.0.${index}.1:1\n`).join('')}`,
    )
    return directory
  }
  const commands = [
    ['verify out --host 127.0.0.1:1', 3],
    ['verify out --inventory fleet.csv --format ndjson --format json -o whole.json', 3],
    ['validate damaged', 1],
    ['generate --example ovms-resnet50 -o damaged --check', 1],
    ['validate --example no-such-example', 2],
    ['no-such-command', 2],
    ['images out', 0],
  ] as const
  const streams = [
    ['{ COMMAND 2>stderr; echo "$?" >status; } | true', 'standard output that nobody reads'],
    ['{ COMMAND 2>stderr; echo "$?" >status; } | head -n 1 >/dev/null', 'standard output read to its first line'],
    ['COMMAND >/dev/null 2>&-; echo "$?" >status', 'a closed standard error'],
    ['{ COMMAND 2>&1 >/dev/null; echo "$?" >status; } | true', 'standard error that nobody reads'],
    ['COMMAND >/dev/null 2>/dev/full; echo "$?" >status', 'a full disk behind standard error'],
    ['COMMAND >&- 2>&-; echo "$?" >status', 'both closed'],
  ] as const
  test.each(streams)('%s', (line) => {
    const directory = prepare()
    for (const [command, status] of commands) {
      shell(`: >stderr; ${line.replace('COMMAND', `$EDGE ${command}`)}`, directory)
      expect({ command, status: Number(readFileSync(join(directory, 'status'), 'utf8')) }).toEqual({ command, status })
      expect(readFileSync(join(directory, 'stderr'), 'utf8')).not.toMatch(/^ {4}at /m)
    }
    expect(JSON.parse(readFileSync(join(directory, 'whole.json'), 'utf8'))).toMatchObject({
      summary: { devices: { unreachable: 200 } },
    })
  })
})

test('standard streams that are closed', () => {
  expect(shell('$EDGE images --example ovms-resnet50 >&- 2>&-', '/').status).toBe(0)
  expect(shell('$EDGE validate -f - <&-', '/').status).toBe(1)
})
