import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { jsonSchema, type OpenApiSchema } from './openApiSchema.ts'
import { manifestsBelow } from './payload.ts'
import { schemaErrors } from './schemaErrors.ts'
import { metadataSchema } from './strictSchemas.ts'
import { upstreamPayload } from './upstream.ts'

/** A CustomResourceDefinition, as far as this reads it. */
interface Definition {
  readonly kind: string
  readonly spec: {
    readonly group: string
    readonly names: { readonly kind: string }
    readonly versions: readonly {
      readonly name: string
      readonly served: boolean
      readonly storage: boolean
      readonly schema: { readonly openAPIV3Schema: OpenApiSchema }
    }[]
  }
}

const group = 'serving.kserve.io'

/** The kinds of KServe's that edge emits. */
export const kserveKinds = ['InferenceService', 'ServingRuntime'] as const
export type KserveKind = (typeof kserveKinds)[number]

const validators = new Map<string, (object: unknown) => string[]>()

/**
 * What the CRD of an upstream release says of an object, unknown fields included: an API server would prune them without a
 * word. Compiled once a worker.
 *
 * @param release - one of `upstreamReleases()`
 * @returns a function that gives errors as `path: message`, none for a valid object
 * @throws where the payload has no such CRD, or more than one
 */
export const crdValidator = (release: string, kind: KserveKind): ((object: unknown) => string[]) => {
  const key = `${release} ${kind}`
  const validator = validators.get(key) ?? schemaErrors(crdSchema(release, kind))
  validators.set(key, validator)
  return validator
}

const crdSchema = (release: string, kind: KserveKind) => {
  const { versions } = definition(release, kind).spec
  const [version, ...others] = versions.filter(({ served }) => served)
  if (version === undefined || others.length > 0)
    throw new Error(
      `${release}: ${kind} is served in ${versions.map(({ name }) => name).join(', ')}, not in one version`,
    )
  const identity = {
    apiVersion: { const: `${group}/${version.name}` },
    kind: { const: kind },
    metadata: metadataSchema,
  }
  const schema = jsonSchema(version.schema.openAPIV3Schema, { ...identity, status: false })
  return { ...schema, required: [...Object.keys(identity), 'spec'] }
}

/** Found by what it is, not by its file's name. */
const definition = (release: string, kind: KserveKind): Definition => {
  const root = join(upstreamPayload(release), manifestsBelow)
  const definitions = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    // Four megabytes of YAML are in some payloads: only what can be it is parsed.
    .filter((text) => /^kind: CustomResourceDefinition$/m.test(text) && new RegExp(`^ +kind: ${kind}$`, 'm').test(text))
    .flatMap((text) => loadAll(text) as Definition[])
    .filter(
      (object) =>
        object.kind === 'CustomResourceDefinition' && object.spec.group === group && object.spec.names.kind === kind,
    )
  const [found, ...others] = definitions
  if (found === undefined || others.length > 0)
    throw new Error(`${root} has ${definitions.length} CRDs of ${kind}, not one`)
  return found
}
