import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { thisProcess } from '../../src/bundle/owner.ts'
import { printable } from '../../src/report/printable.ts'
import { openSink } from '../../src/verify/outputs.ts'
import { readResults } from '../../src/verify/resume.ts'
import { temporaryDirectory } from '../tools/edge.ts'

const result = {
  run: 'r',
  host: 'a',
  labels: {},
  verdict: 'pass',
  seconds: 1,
  checks: [{ model: 'm', id: 'ready', verdict: 'pass', seconds: 0.1, attempts: 1 }],
}
const good = `${JSON.stringify(result)}\n`
/** Reads a file of these lines; gives the hosts that were good. */
const read = (text: string): string[] => {
  const path = join(temporaryDirectory(), 'results.ndjson')
  writeFileSync(path, text)
  return [...readResults(path, 'r', new Set(['a', 'b']), () => undefined).good]
}
const refusal = expect.objectContaining({ exitStatus: 2 }) as Error

describe('the file of --resume', () => {
  test('is read to its end, lines that were cut off left out', () => {
    expect(read('')).toEqual([])
    expect(read(good)).toEqual(['a'])
    for (const length of [1, 2, 5, 20, good.length - 2]) {
      expect(read(good + good.slice(0, length))).toEqual(['a'])
      expect(read(`${good.slice(0, length)}\n${good}`)).toEqual(['a'])
    }
  })

  test.each([
    ['text', 'notes\n'],
    ['one line of text without an end', 'notes'],
    ['JSON of something else', '{"a": 1}\n'],
    ['a list', '[1, 2]\n'],
    ['a result, and then something else', `${good}notes\n`],
    ['a device that is not asked, and then something else', `${good.replace('"a"', '"z"')}notes\n`],
    ['a pretty-printed file', '{\n  "a": 1\n}\n'],
  ])('is nothing else: %s', (_, text) => {
    expect(() => read(text)).toThrow(refusal)
  })

  test('whose lines have another shape in any place is refused, never a defect', () => {
    const places: (readonly (string | number)[])[] = [
      ...Object.keys(result).map((name) => [name]),
      ['checks', 0],
      ...Object.keys(result.checks[0] ?? {}).map((name) => ['checks', 0, name]),
      ['checks', 0, 'failure'],
      ['checks', 0, 'soak'],
      ['checks', 0, 'skip'],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const changed = structuredClone(result) as unknown as Record<string | number, unknown>
        let at = changed
        for (const step of place.slice(0, -1)) at = at[step] as typeof at
        at[place.at(-1) ?? ''] = value
        try {
          read(`${JSON.stringify(changed)}\n`)
        } catch (error) {
          expect(error).toEqual(refusal)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('with a line that does not end is refused', () => {
    expect(() => read(`{"run":"${'x'.repeat(17 * 2 ** 20)}`)).toThrow('longer than 16 MiB')
  })

  test('that is a named pipe or a link to nothing is refused, not waited for', () => {
    const directory = temporaryDirectory()
    execFileSync('mkfifo', [join(directory, 'pipe')])
    symlinkSync('gone', join(directory, 'link'))
    for (const name of ['pipe', 'link'])
      expect(() => readResults(join(directory, name), 'r', new Set(), () => undefined)).toThrow(refusal)
  })
})

describe('a report that grows', () => {
  const { numbering, pid, start } = thisProcess()
  const mark = createHash('sha256').update(numbering).digest('hex').slice(0, 8)

  test('takes its place when it is whole, and what killed runs left goes', () => {
    const directory = temporaryDirectory()
    const path = join(directory, 'report.json')
    const foreign = ['report.json.edge-notes', 'report.json.edge-1', 'other.json.edge-00000000-1-1']
    const running = `report.json.edge-${mark}-${process.ppid}-${readStart(process.ppid)}`
    for (const name of [...foreign, running, `report.json.edge-${mark}-${pid}-1`])
      writeFileSync(join(directory, name), 'x')
    const sink = openSink(path)
    sink.write(printable('whole'))
    expect(readdirSync(directory).sort()).toEqual(
      [...foreign, running, `report.json.edge-${mark}-${pid}-${start}`].sort(),
    )
    sink.close()
    expect(readFileSync(path, 'utf8')).toBe('whole')
    expect(readdirSync(directory).sort()).toEqual([...foreign, running, 'report.json'].sort())
  })

  test('does not go through a link that waits in its place', () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'precious'), 'precious')
    symlinkSync('precious', join(directory, `report.json.edge-${mark}-${pid}-${start}`))
    expect(() => openSink(join(directory, 'report.json'))).toThrow(refusal)
    expect(readFileSync(join(directory, 'precious'), 'utf8')).toBe('precious')
  })
})

/** When a process began, as the kernel counts. */
const readStart = (pid: number): string =>
  spawnSync('sh', ['-c', `sed 's/.*) //' /proc/${pid}/stat | cut -d' ' -f20`], { encoding: 'utf8' }).stdout.trim()
