import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { filesOf } from '../tools/files.ts'
import { projectRoot } from '../tools/root.ts'

const spec = join(projectRoot, 'test/cases/security/edge.yaml')

function generated(): string {
  const out = join(temporaryDirectory(), 'out')
  expect(edge(['generate', '-f', spec, '-o', out]).status).toBe(0)
  return out
}

describe('edge explain', () => {
  it('says where each value comes from: a line of the spec, a file of the payload, a default and its reason', () => {
    const { status, stdout } = edge(['explain', generated(), 'guarded'])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^runtime: vllm-cuda-runtime\n {4}payload: usr\/lib\/\S+vllm-cuda\.yaml\n {4}the one ServingRuntime that fits/m,
    )
    expect(stdout).toMatch(
      /^image of kserve-container: quay\.io\/modh\/vllm@sha256:\S+\n {4}payload: usr\/share\/\S+\.json\n {4}the runtime asks for "vllm-cuda-image"/m,
    )
    expect(stdout).toMatch(/^host: llm\.plant\.example\.com\n {4}spec, line 14: spec\.models\[0\]\.expose\.host/m)
    expect(stdout).toMatch(/^port: 8080\n/m)
    expect(stdout).toMatch(/^readiness probe: \{"httpGet"/m)
    expect(stdout).toMatch(/^strategy: Recreate\n {4}with one accelerator/m)
  })

  it('names near models, and refuses a damaged bundle', () => {
    const out = generated()
    expect(edge(['explain', out, 'guared'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean guarded?') as unknown,
    })
    rmSync(join(out, 'README.md'))
    expect(edge(['explain', out, 'guarded'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('README.md is missing') as unknown,
    })
  })
})

describe('edge generate --check', () => {
  const check = (out: string) => edge(['generate', '-f', spec, '-o', out, '--check'])

  it('is content with what would be generated, and with files of others beside it', () => {
    const out = generated()
    writeFileSync(join(out, 'notes.txt'), 'mine')
    expect(check(out)).toMatchObject({ status: 0, stdout: '' })
  })

  it('prints a diff of what is changed and what is missing, exits 1, and writes nothing', () => {
    const out = generated()
    appendFileSync(join(out, 'images/images.txt'), 'registry.example.com/by/hand:1\n')
    rmSync(join(out, 'README.md'))
    const before = filesOf(out)
    const { status, stdout } = check(out)
    expect(status).toBe(1)
    expect(stdout).toContain('-registry.example.com/by/hand:1\n')
    expect(stdout).toContain(`--- /dev/null\n+++ ${out}/README.md\n`)
    expect(filesOf(out)).toEqual(before)
  })
})
