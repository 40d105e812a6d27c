import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'

/** Where the RPMs put what edge reads, below a payload's root. */
export const manifestsBelow = 'usr/lib/microshift/manifests.d'
export const kserveBelow = `${manifestsBelow}/010-microshift-ai-model-serving-kserve`
export const runtimesBelow = `${manifestsBelow}/050-microshift-ai-model-serving-runtimes`
export const releaseInfoBelow = 'usr/share/microshift/release/release-ai-model-serving-x86_64.json'

/** A ServingRuntime, as far as the tests look into it. */
export interface Runtime {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly annotations?: Readonly<Record<string, string>>
    readonly [key: string]: unknown
  }
  readonly spec: {
    readonly containers: readonly { readonly name: string; readonly image: string; readonly [key: string]: unknown }[]
    readonly supportedModelFormats: readonly {
      readonly name: string
      readonly version?: string
      readonly autoSelect?: boolean
    }[]
    readonly [key: string]: unknown
  }
}

/** The ServingRuntimes of an upstream payload, by name: read here, not by the code that is tested. */
export const payloadRuntimes = (payload: string): Runtime[] =>
  readdirSync(join(payload, runtimesBelow))
    .filter((name) => name !== 'kustomization.yaml')
    .flatMap((name) => loadAll(readFileSync(join(payload, runtimesBelow, name), 'utf8')) as Runtime[])
    .filter(({ kind }) => kind === 'ServingRuntime')
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))

/** The release-info of an upstream payload. */
export const releaseInfo = (
  payload: string,
): { readonly release: { readonly base: string }; readonly images: Readonly<Record<string, string>> } =>
  JSON.parse(readFileSync(join(payload, releaseInfoBelow), 'utf8')) as ReturnType<typeof releaseInfo>

/**
 * What a runtime has to look like in a bundle: each placeholder replaced, nothing else changed.
 *
 * @param images - placeholder → reference
 */
export const withImages = (runtime: Runtime, images: Readonly<Record<string, string>>): Runtime => ({
  ...runtime,
  spec: {
    ...runtime.spec,
    containers: runtime.spec.containers.map((container) => ({
      ...container,
      image: images[container.image] ?? container.image,
    })),
  },
})

/** The resource names in a runtime's annotation. */
export const acceleratorsOf = ({ metadata }: Runtime): string[] =>
  JSON.parse(metadata.annotations?.['opendatahub.io/recommended-accelerators'] ?? '[]') as string[]

/**
 * Takes the schemas out of the CustomResourceDefinitions of a tree that tests may change: they are most of what kustomize
 * would read and write, ten times the rest, and nothing that it makes of the other objects hangs on them.
 */
export const cutSchemas = (tree: string): void => {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue
    const file = join(entry.parentPath, entry.name)
    const text = readFileSync(file, 'utf8')
    if (!/^kind: CustomResourceDefinition$/m.test(text)) continue
    const documents = text
      .split(/^---$/m)
      .map((document) =>
        /^kind: CustomResourceDefinition$/m.test(document)
          ? document.replace(/^spec:\n(?:[ -].*\n|\n)*/m, 'spec: {}\n')
          : document,
      )
    writeFileSync(file, documents.join('---'))
  }
}

/** Copies a tree so that tests may change it: the workshop's payloads are read-only. */
export const copyTree = (from: string, to: string): void => {
  cpSync(from, to, { recursive: true })
  chmodSync(to, 0o755)
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644)
}
