import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dump, load } from 'js-yaml'

/** Digest of the images that tests make up. */
export const someDigest = `sha256:${'0123456789abcdef'.repeat(4)}`

/** A model that needs nothing but its runtime. */
export const modelSource = `oci://registry.example.com/models/some-model@${someDigest}`

/**
 * Writes `edge.yaml` into a directory.
 *
 * @param directory - made when it is not there
 * @param spec - what stands below `spec:`
 * @param name - metadata.name
 * @returns the file's path
 */
export const writeSpec = (directory: string, spec: object, name = 'some-bundle'): string => {
  const file = join(directory, 'edge.yaml')
  writeFiles(directory, {
    'edge.yaml': dump({ apiVersion: 'edge.microshift.dev/v1alpha1', kind: 'EdgeBundle', metadata: { name }, spec }),
  })
  return file
}

/** Writes files below a directory; a path's directories are made. */
export const writeFiles = (directory: string, files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** All files below a directory with their texts, by path. */
export const readFiles = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
      .sort()
      .map((path) => [path, readFileSync(join(directory, path), 'utf8')]),
  )

/** A YAML file's one document. */
export const readYaml = (...path: readonly string[]): unknown => load(readFileSync(join(...path), 'utf8'))
