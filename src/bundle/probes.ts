import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileError, InputError } from '../errors.ts'
import type { ProbesDocument } from '../probes/document.ts'
import { sha256 } from './manifest.ts'
import { readWhole } from './read.ts'
import { bundleLayout } from '../layout.ts'

/** The probes of a bundle, and the bodies of their requests. */
export interface BundleProbes {
  readonly document: ProbesDocument
  /** A file below probes/data/, read once. */
  readonly bodyOf: (file: string) => Buffer
  /** Changes with any file of the bundle. */
  readonly checksum: string
}

/**
 * Reads the probes of a bundle whose files are as edge wrote them.
 *
 * @throws InputError
 */
export const readProbes = (bundle: string): BundleProbes => {
  const manifest = readWhole(bundle)
  if (!Object.hasOwn(manifest.files, bundleLayout.probes))
    throw new InputError(`${bundle} has no probes: an older edge made it`, { help: 'generate it again' })
  const bodies = new Map<string, Buffer>()
  return {
    checksum: sha256(JSON.stringify(manifest.files)),
    document: JSON.parse(readFile(bundle, bundleLayout.probes).toString('utf8')) as ProbesDocument,
    bodyOf: (file) => {
      const body = bodies.get(file) ?? readFile(bundle, bundleLayout.probeBody(file))
      bodies.set(file, body)
      return body
    },
  }
}

const readFile = (bundle: string, file: string): Buffer => {
  try {
    return readFileSync(join(bundle, file))
  } catch (error) {
    throw fileError(error, `cannot read ${join(bundle, file)}`)
  }
}
