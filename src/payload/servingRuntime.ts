import { type Because, because } from '../findings/because.ts'
import { parseJson } from '../basics/json.ts'
import { isMap } from '../basics/maps.ts'
import type { RuntimeContainer, ServingRuntime, SupportedModelFormat } from '../kubernetes/types.ts'

/**
 * Looks whether a document that calls itself a ServingRuntime has what edge needs of one.
 *
 * @returns the ServingRuntime, or why it is none
 */
export const asServingRuntime = (
  document: Record<string, unknown>,
): { readonly object: ServingRuntime } | { readonly why: Because } => {
  const { metadata, spec } = document
  if (
    !isMap(metadata) ||
    typeof metadata['name'] !== 'string' ||
    !/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(metadata['name'])
  )
    return { why: because('no-name') }
  if (!isMap(spec)) return { why: because('no-spec') }
  const groups = [
    spec['containers'],
    ...(isMap(spec['workerSpec']) && spec['workerSpec']['containers'] !== undefined
      ? [spec['workerSpec']['containers']]
      : []),
  ]
  for (const containers of groups) {
    if (!Array.isArray(containers) || containers.length === 0) return { why: because('no-containers') }
    for (const container of containers as unknown[]) {
      if (!isMap(container) || typeof container['name'] !== 'string') return { why: because('container-without-name') }
      if (typeof container['image'] !== 'string' || container['image'] === '')
        return { why: because('container-without-image', { container: container['name'] }) }
      for (const field of ['command', 'args']) {
        const words = container[field] ?? []
        if (container[field] === null || !Array.isArray(words) || !words.every((word) => typeof word === 'string'))
          return { why: because('container-words', { container: container['name'], field }) }
      }
      const env = container['env'] ?? []
      if (
        container['env'] === null ||
        !Array.isArray(env) ||
        !env.every((variable) => isMap(variable) && typeof variable['name'] === 'string')
      )
        return { why: because('container-env', { container: container['name'] }) }
      const ports = container['ports'] ?? []
      if (!Array.isArray(ports) || !ports.every((port) => isMap(port) && Number.isInteger(port['containerPort'])))
        return { why: because('container-port', { container: container['name'] }) }
    }
  }
  const formats = spec['supportedModelFormats'] ?? []
  if (!Array.isArray(formats) || !formats.every((format) => isMap(format) && typeof format['name'] === 'string'))
    return { why: because('formats-list') }
  const protocols = spec['protocolVersions'] ?? []
  if (!Array.isArray(protocols) || !protocols.every((protocol) => typeof protocol === 'string'))
    return { why: because('protocols-list') }
  return { object: document as unknown as ServingRuntime }
}

/** All containers whose image the device pulls: the predictor's, and those of workers of a multi-node runtime. */
export const containersOf = ({ spec }: ServingRuntime): readonly RuntimeContainer[] => [
  ...spec.containers,
  ...(spec.workerSpec?.containers ?? []),
]

export const formatsOf = ({ spec }: ServingRuntime): readonly SupportedModelFormat[] => spec.supportedModelFormats ?? []

export interface ServedPort {
  readonly port: number
  readonly name?: string
  readonly container: string
  /** False when no container declares a port and KServe's default stands. */
  readonly declared: boolean
}

/**
 * The container port that the predictor's Service leads to: the first port of `kserve-container`, unless there is a
 * `transformer-container`, whose first port then wins; 8080 when none is declared. Source: facts/kserve.md, from
 * InferenceService to pods. A Route names this port, since the Service is headless.
 */
export const servedPort = (runtime: ServingRuntime): ServedPort => {
  const { containers } = runtime.spec
  const container =
    containers.find(({ name }) => name === 'transformer-container') ??
    containers.find(({ name }) => name === 'kserve-container') ??
    containers[0]
  const port = container?.ports?.[0]
  return {
    port: port?.containerPort ?? 8080,
    container: container?.name ?? 'kserve-container',
    declared: port !== undefined,
    ...(port?.name === undefined ? {} : { name: port.name }),
  }
}

/**
 * The accelerators that a runtime recommends, by resource name; from the annotation of OpenShift AI, a JSON list in a
 * string. Empty when it has none or it cannot be read.
 */
export const recommendedAccelerators = ({ metadata }: ServingRuntime): readonly string[] => {
  const annotation: unknown = metadata.annotations?.['opendatahub.io/recommended-accelerators']
  if (typeof annotation !== 'string') return []
  const list = parseJson(annotation)
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []
}

/** `onnx:1`, or `vLLM` for a format without version. */
export const formatLabel = ({ name, version }: { readonly name: string; readonly version?: string }): string =>
  version === undefined ? name : `${name}:${version}`
