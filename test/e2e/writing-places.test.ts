import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../tools/contents.ts'
import { edge, edgePath, temporaryDirectory } from '../tools/edge.ts'
import { mounts, needs } from '../tools/needs.ts'
import { inPrivateMounts } from '../tools/privateMount.ts'
import { specText } from '../tools/specText.ts'

const first = specText('plant', ['bolts', 'nuts'])
const second = specText('other', ['bolts', 'washers', 'screws'])

/** A directory with the specs first.yaml and second.yaml, and the bundle `first` where it is asked for. */
const withSpecs = (...bundles: 'first'[]): string => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'first.yaml'), first)
  writeFileSync(join(directory, 'second.yaml'), second)
  for (const name of bundles)
    expect(edge(['generate', '-f', `${name}.yaml`, '-o', name], { cwd: directory }).status).toBe(0)
  return directory
}

describe('DIR', () => {
  test('may be a symbolic link to a directory', () => {
    const directory = withSpecs()
    mkdirSync(join(directory, 'real'))
    symlinkSync('real', join(directory, 'link'))
    expect(edge(['generate', '-f', 'first.yaml', '-o', 'link'], { cwd: directory }).status).toBe(0)
    expect(contentsOf(directory)['link']).toBe('-> real')
    expect(edge(['validate', 'real'], { cwd: directory }).status).toBe(0)
  })

  test('may lie in directories that are not there yet, and may be the working directory', () => {
    const directory = withSpecs()
    expect(edge(['generate', '-f', 'first.yaml', '-o', 'a/b c/$d'], { cwd: directory }).status).toBe(0)
    expect(
      edge(['generate', '-f', join(directory, 'first.yaml'), '-o', '.'], { cwd: join(directory, 'a/b c/$d') }),
    ).toMatchObject({ status: 0, stderr: expect.stringContaining('all as they were') as unknown })
  })

  const refused: Record<string, { output: string; says: string; make: (directory: string) => void }> = {
    'a file': {
      output: 'place',
      says: 'place: it is a file',
      make: (directory) => writeFileSync(join(directory, 'place'), 'mine'),
    },
    'below a file': {
      output: 'place/below',
      says: 'place/below: ',
      make: (directory) => writeFileSync(join(directory, 'place'), 'mine'),
    },
    'a link to a file': {
      output: 'place',
      says: 'place: it is a file',
      make: (directory) => symlinkSync('first.yaml', join(directory, 'place')),
    },
    'a link to nowhere': {
      output: 'place',
      says: 'cannot write place: ',
      make: (directory) => symlinkSync('nowhere', join(directory, 'place')),
    },
    'a link to itself': {
      output: 'place',
      says: 'cannot write place: ',
      make: (directory) => symlinkSync('place', join(directory, 'place')),
    },
    'a name that is too long': { output: 'x'.repeat(300), says: 'its name is too long', make: () => undefined },
    'no name': { output: '', says: 'cannot write', make: () => undefined },
  }
  test.each(Object.entries(refused))('that is %s is refused, and nothing is written', (_, { output, says, make }) => {
    const directory = withSpecs()
    make(directory)
    const before = contentsOf(directory)
    const { status, stderr } = edge(['generate', '-f', 'first.yaml', '-o', output], { cwd: directory })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) as unknown })
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(contentsOf(directory)).toEqual(before)
  })
})

describe('a file system that takes no writes', needs(mounts), () => {
  test('read-only: exit status 3, the bundle as it was; what changes nothing still works', () => {
    const directory = withSpecs('first')
    const before = contentsOf(directory)
    const readOnly = 'mount --bind first first; mount -o remount,bind,ro first'
    const { status, stderr } = inPrivateMounts(directory, `${readOnly}; edge generate -f second.yaml -o first`)
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: 'edge: cannot write first: the file system is read-only\n',
    })
    expect(
      inPrivateMounts(directory, `${readOnly}; edge generate -f first.yaml -o first && edge validate first`).status,
    ).toBe(0)
    expect(contentsOf(directory)).toEqual(before)
  })

  test('full before anything is written: exit status 3, no directory is left', () => {
    const directory = withSpecs()
    mkdirSync(join(directory, 'disk'))
    const script =
      'mount -t tmpfs -o size=64k tmpfs disk; head -c 60k /dev/zero > disk/filler; status=0; edge generate -f first.yaml -o disk/new/out || status=$?; ls -A disk; exit $status'
    expect(inPrivateMounts(directory, script)).toEqual({
      status: 3,
      stdout: 'filler\n',
      stderr: 'edge: cannot write disk/new/out: the disk is full\n',
    })
  })

  const limits = {
    blocks: { used: 'df --output=used -k disk', options: 'size=$((used + 4 * n))k' },
    inodes: { used: 'df --output=iused disk', options: 'nr_inodes=$((used + n))' },
  }
  const olds = {
    'a bundle': {
      make: 'cp -R first disk/out',
      isThere: 'diff -r first disk/out > difference',
    },
    nothing: { make: ':', isThere: 'test ! -e disk/out' },
  }
  test.each<[keyof typeof limits, keyof typeof olds]>([
    ['blocks', 'a bundle'],
    ['inodes', 'a bundle'],
    ['blocks', 'nothing'],
    ['inodes', 'nothing'],
  ])(
    'full at any moment, out of %s, where %s was: exit status 3 and that as it was, or 0 and the new bundle',
    (limit, old) => {
      const directory = withSpecs('first')
      mkdirSync(join(directory, 'disk'))
      edge(['generate', '-f', 'second.yaml', '-o', 'second'], { cwd: directory })
      const { used, options } = limits[limit]
      // A user's mounts are not changed once they are there: what the old bundle takes is known from another one.
      const before = `mount -t tmpfs tmpfs disk; ${olds[old].make}; used=$(${used} | tail -1); umount disk`
      const round = `mount -t tmpfs -o ${options} tmpfs disk; ${olds[old].make}
      status=0; edge generate -f second.yaml -o disk/out --log-level error 2> error || status=$?
      { test $status = 3 && ${olds[old].isThere}; } || { test $status = 0 && diff -r second disk/out > difference; } || { echo "$n more: exit status $status"; cat error; find disk; }
      echo $status >> statuses; umount disk`
      // From one block more to as many as it takes, in growing steps.
      expect(
        inPrivateMounts(
          directory,
          `${before}; n=1; status=3; while [ $n -lt 1000 ] && [ $status != 0 ]; do ${round}; n=$((n + 1 + n / 12)); done`,
        ),
      ).toEqual({ status: 0, stdout: '', stderr: '' })
      expect(inPrivateMounts(directory, 'sort -u statuses').stdout).toBe('0\n3\n')
    },
  )
})

describe('a directory that may not be written', () => {
  test('exit status 3, and nothing is written', needs(mounts), () => {
    const directory = withSpecs('first')
    const before = contentsOf(directory)
    chmodSync(join(directory, 'first'), 0o555)
    // Root is above permissions; without these capabilities they hold for it as well.
    const edgeAsAnybody = `setpriv --bounding-set=-dac_override,-dac_read_search "${process.execPath}" "${edgePath}"`
    const { status, stderr } = inPrivateMounts(directory, `${edgeAsAnybody} generate -f second.yaml -o first`)
    chmodSync(join(directory, 'first'), 0o755)
    expect({ status, stderr }).toEqual({ status: 3, stderr: 'edge: cannot write first: permission denied\n' })
    expect(contentsOf(directory)).toEqual(before)
  })
})
