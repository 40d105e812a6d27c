import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'
import { describe, expect, it } from 'vitest'
import { edge, temporaryDirectory } from '../../tools/edge.ts'
import { filesOf } from '../../tools/files.ts'
import { needs } from '../../tools/needs.ts'
import { projectRoot } from '../../tools/root.ts'

const examples = readdirSync(join(projectRoot, 'examples'))
const cases = ['bootc', 'bootc-sites', 'bootc-one-site', 'hostile-values', 'sites']

const generate = (args: readonly string[]): string => {
  const out = join(temporaryDirectory(), 'out')
  const { status, stderr } = edge(['generate', ...args, '-o', out])
  expect(stderr).not.toContain('error')
  expect(status).toBe(0)
  return out
}

const specs: readonly (readonly [string, readonly string[]])[] = [
  ...examples.map((name) => [`example ${name}`, ['--example', name]] as const),
  ...cases.map((name) => [`case ${name}`, ['-f', join(projectRoot, 'test/cases', name, 'edge.yaml')]] as const),
]

describe.each(specs)('the Containerfile of %s', (_, args) => {
  it('parses: each instruction is known, each copied file is there, each JSON form is one', () => {
    const out = generate(args)
    const text = readFileSync(join(out, 'bootc/Containerfile'), 'utf8')
    const instructions = DockerfileParser.parse(text).getInstructions()
    const words = instructions.map((instruction) => instruction.getKeyword())
    expect(words.slice(0, 2)).toEqual(['ARG', 'FROM'])
    expect([...new Set(words)].filter((word) => !['ARG', 'FROM', 'RUN', 'COPY'].includes(word))).toEqual([])
    for (const instruction of instructions) {
      const written = instruction.getArgumentsContent() ?? ''
      if (instruction.getKeyword() === 'COPY') {
        const paths = JSON.parse(written.replace(/^--chmod=\d+ /, '')) as string[]
        for (const path of paths.slice(0, -1)) expect(existsSync(join(out, path)), path).toBe(true)
      } else if (/^(?:--\S+ )*\[/.test(written)) {
        expect(JSON.parse(written.replace(/^(?:--\S+ )*/, ''))).toEqual(expect.arrayContaining([expect.any(String)]))
      }
    }
  })

  it('is its snippets, each with a comment that says what it does and needs', () => {
    const out = generate(args)
    const snippets = readdirSync(join(out, 'bootc/snippets')).sort()
    expect(snippets.every((name) => /^\d\d-[a-z]+\.containerfile$/.test(name))).toBe(true)
    const texts = snippets.map((name) => readFileSync(join(out, 'bootc/snippets', name), 'utf8'))
    const text = readFileSync(join(out, 'bootc/Containerfile'), 'utf8')
    expect(text.slice(text.indexOf('\n\n') + 2)).toBe(texts.join('\n'))
    for (const one of texts)
      expect(one.split('\n').filter((line) => line.startsWith('#'))).toEqual([expect.stringMatching(/^# .*\bNeeds /)])
  })
})

/** Read the diff when they change: what an example's image is built of. `UPDATE=1 npm test` writes them. */
describe.each(examples)('the image build of the example %s', (name) => {
  it('is as it was', () => {
    const out = generate(['--example', name])
    const expected = join(projectRoot, 'test/golden', name, 'Containerfile')
    const text = readFileSync(join(out, 'bootc/Containerfile'), 'utf8')
    if (process.env['UPDATE'] === '1') {
      mkdirSync(dirname(expected), { recursive: true })
      writeFileSync(expected, text)
    }
    expect(text).toBe(readFileSync(expected, 'utf8'))
  })
})

describe('what is in every bundle', () => {
  const out = () => generate(['-f', join(projectRoot, 'test/cases/bootc-sites/edge.yaml')])

  it('is what stands in bootc/, and can be run where it is a program', () => {
    const sources = filesOf(join(projectRoot, 'bootc'))
    const generated = filesOf(join(out(), 'bootc'))
    const shared = Object.keys(generated).filter((path) => path in sources)
    expect(shared).toEqual(
      expect.arrayContaining(['check-release', 'embed-image', 'rootfs/usr/libexec/edge/load-images']),
    )
    for (const path of shared) expect(generated[path], path).toBe(sources[path])
    const bundle = out()
    for (const path of shared)
      expect((statSync(join(bundle, 'bootc', path)).mode & 0o100) !== 0, path).toBe(generated[path]?.startsWith('#!'))
  })

  it('leaves out what the bundle has no use for', () => {
    const paths = (args: readonly string[]) => Object.keys(filesOf(join(generate(args), 'bootc/rootfs')))
    const smallest = paths(['-f', join(projectRoot, 'test/cases/smallest/edge.yaml')])
    expect(smallest.filter((path) => /make-secrets|restart-kserve|mirrors/.test(path))).toEqual([])
    expect(smallest.filter((path) => /pick-site/.test(path))).toHaveLength(2)
    expect(smallest.some((path) => path.includes('greenboot/check'))).toBe(true)
    const full = paths(['-f', join(projectRoot, 'test/cases/bootc/edge.yaml')])
    expect(full.filter((path) => /make-secrets|restart-kserve|mirrors/.test(path))).not.toEqual([])
    expect(full.filter((path) => /greenboot\/|health-check$|edge-health/.test(path))).toEqual([])
  })

  it('has scripts that shellcheck has nothing to say of', needs('shellcheck'), () => {
    const directory = join(out(), 'bootc')
    const { stdout } = spawnSync('shellcheck', ['build.sh', 'check-release', 'embed-image'], {
      cwd: directory,
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
  })
})
