import { parseJson } from '../basics/json.ts'
import { InputError } from '../errors.ts'
import type { ProbesDocument } from '../probes/document.ts'
import { documentProblem } from '../probes/shape.ts'
import { sha256 } from './manifest.ts'
import { bundleLayout } from '../layout.ts'
import { readListed, readWhole } from './read.ts'

/** The probes of a bundle, and the bodies of their requests. */
export interface BundleProbes {
  readonly document: ProbesDocument
  /** A file below probes/data/ that bundle.json lists, read once. No other file of this machine is one. */
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
  const document = parseJson(readListed(bundle, manifest, bundleLayout.probes))
  const problem = documentProblem(document)
  if (problem !== undefined) throw new InputError(`${bundle}: ${problem}`)
  const bodies = new Map<string, Buffer>()
  return {
    checksum: sha256(JSON.stringify(manifest.files)),
    document: document as ProbesDocument,
    bodyOf: (file) => {
      const body = bodies.get(file) ?? readListed(bundle, manifest, bundleLayout.probeBody(file))
      bodies.set(file, body)
      return body
    },
  }
}
