import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { kustomizeBuild } from '../tools/kubectl.ts'
import { projectRoot } from '../tools/root.ts'

/** Specs with sites: each site's overlay must build to what `--site` gives. */
const specs = [
  join(projectRoot, 'test/cases/sites/edge.yaml'),
  ...readdirSync(join(projectRoot, 'examples')).map((name) => join(projectRoot, 'examples', name, 'edge.yaml')),
]

interface KubernetesObject {
  readonly kind: string
  readonly metadata: { readonly name: string }
}

describe.each(specs)('%s', (spec) => {
  it('builds each overlay to what --site gives', () => {
    const directory = temporaryDirectory()
    const out = join(directory, 'out')
    expect(edge(['generate', '-f', spec, '-o', out]).status).toBe(0)
    const sites = existsSync(join(out, 'overlays')) ? readdirSync(join(out, 'overlays')) : []
    for (const site of sites) {
      const one = join(directory, site)
      expect(edge(['generate', '-f', spec, '-o', one, '--site', site]).status).toBe(0)
      expect(existsSync(join(one, 'overlays'))).toBe(false)
      expect(byName(kustomizeBuild(join(out, 'overlays', site)))).toEqual(byName(kustomizeBuild(workload(one))))
    }
  })
})

describe('--site', () => {
  it('names near sites when there is no such site', () => {
    const { status, stderr } = edge(['generate', '-f', specs[0] ?? '', '--dry-run', '--site', 'tunde'])
    expect(status).toBe(2)
    expect(stderr).toContain('edge: the spec has no site "tunde"\n  help: did you mean tuned?')
  })

  it("lists the site's own images, and all of them without it", () => {
    const images = (...more: string[]) => edge(['images', '-f', specs[0] ?? '', ...more]).stdout
    expect(images('--site', 'cpu-only')).not.toContain('modh/vllm@')
    expect(images('--site', 'amd')).toContain('m/extra:1')
    expect(images()).toMatch(/m\/yolo:2@\S+ +model yolo at tuned\n/)
  })
})

function workload(bundle: string): string {
  const name = readdirSync(join(bundle, 'manifests.d')).find((directory) => directory.startsWith('100-'))
  return join(bundle, 'manifests.d', name ?? '')
}

function byName(objects: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(
    (objects as KubernetesObject[]).map((object) => [`${object.kind}/${object.metadata.name}`, object]),
  )
}
