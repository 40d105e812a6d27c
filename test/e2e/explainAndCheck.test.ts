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

  describe('a reason is the reason that there was', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
    const model = `  - name: inspector
    source: oci://registry.example.com/m/inspector@${digest}
    format: openvino_ir
`
    const explained = (more: string, ...args: readonly string[]): string => {
      const directory = temporaryDirectory()
      const path = join(directory, 'edge.yaml')
      const head =
        'apiVersion: edge.microshift.dev/v1alpha1\nkind: EdgeBundle\nmetadata: {name: why}\nspec:\n  models:\n'
      writeFileSync(path, head + model + more)
      const made = edge(['generate', '-f', path, '-o', join(directory, 'out'), '--log-level', 'error', ...args])
      expect(made.stderr).toBe('')
      return edge(['explain', join(directory, 'out'), 'inspector']).stdout
    }

    it('no accelerator: RollingUpdate is the default, not what one accelerator asks for', () => {
      expect(explained('    accelerator: none\n')).toMatch(/^strategy: RollingUpdate\n {4}the default\n/m)
    })

    it('a patch that asks for an accelerator: Recreate, for that reason', () => {
      const patch =
        '    patch: [{op: add, path: /spec/predictor/model/resources, value: {limits: {nvidia.com/gpu: "1"}}}]\n'
      expect(explained(patch)).toMatch(/^strategy: Recreate\n {4}with one accelerator a rolling update would wait/m)
    })

    it('what a patch changed is the patch, by its operation: readiness, protocol, replicas, image', () => {
      const operations = [
        '{op: replace, path: /spec/predictor/model/protocolVersion, value: v1}',
        '{op: replace, path: /spec/predictor/model/readinessProbe, value: {exec: {command: [sh]}}}',
        '{op: replace, path: /spec/predictor/maxReplicas, value: 2}',
        '{op: replace, path: /spec/predictor/minReplicas, value: 2}',
      ]
      const stdout = explained(`    patch:\n${operations.map((operation) => `    - ${operation}\n`).join('')}`)
      const patched = (index: number) => ` {4}spec, line ${10 + index}: spec\\.models\\[0\\]\\.patch\\[${index}\\]\n`
      expect(stdout).toMatch(new RegExp(`^protocol: v1\n${patched(0)} {4}the patch says so`, 'm'))
      expect(stdout).toMatch(new RegExp(`^readiness probe: \\{"exec".*\n${patched(1)} {4}the patch says so`, 'm'))
      expect(stdout).toMatch(new RegExp(`^replicas: 2\n${patched(3)}`, 'm'))
      expect(stdout).toMatch(/^autoscaler class: hpa\n/m)
    })

    it('a site with a base domain of its own: the line of that site', () => {
      const sites = '  sites:\n  - {name: a, baseDomain: a.example.com}\n  - {name: b, baseDomain: b.example.com}\n'
      expect(explained(sites, '--site', 'b')).toMatch(
        /^host: inspector-predictor-why\.apps\.b\.example\.com\n {4}spec, line 11: spec\.sites\[1\]\.baseDomain\n/m,
      )
    })
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
