import type { ServingRuntime } from '../kubernetes/types.ts'
import { servedPort } from '../payload/servingRuntime.ts'

export type ServerKind =
  'ovms' | 'vllm' | 'caikit' | 'tgis' | 'mlserver' | 'triton' | 'detector' | 'open-inference' | 'other'

/** What edge knows of a model server, read from its runtime's commands, arguments, environment and ports. Source: facts/model-servers.md. */
export interface Server {
  readonly kind: ServerKind
  /** Whether the served port speaks HTTP. */
  readonly http: boolean
  /** Answers take minutes, not seconds. */
  readonly generative: boolean
  /** Whether the server itself speaks TLS on the served port. */
  readonly tls: boolean
  /** All its arguments, the model's own last. */
  readonly args: readonly string[]
}

/**
 * Reads what serves a model.
 *
 * @param runtime - the ServingRuntime
 * @param args - the model's own arguments, which KServe appends
 */
export const describeServer = (runtime: ServingRuntime, args: readonly string[]): Server => {
  const words = [
    ...runtime.spec.containers.flatMap((container) => [...(container.command ?? []), ...(container.args ?? [])]),
    ...args,
  ]
  const variables = runtime.spec.containers.flatMap(({ env = [] }) => env.map(({ name }) => name))
  const port = servedPort(runtime)
  const kind = kindOf(words, variables, runtime)
  return {
    kind,
    http: port.name === undefined || !isGrpcPort(port.name),
    generative: kind === 'vllm' || kind === 'caikit' || kind === 'tgis',
    // vLLM and uvicorn take the certificate as an argument; OVMS has no TLS on its REST port.
    tls:
      words.some((word) => /^--ssl[-_](?:certfile|keyfile)\b/.test(word)) ||
      port.name === 'https' ||
      port.name?.startsWith('https-') === true,
    args: words,
  }
}

/** A name that says gRPC without TLS, as Knative and KServe use it. */
const isGrpcPort = (name: string): boolean => name === 'h2c' || name.startsWith('grpc')

const kindOf = (words: readonly string[], variables: readonly string[], { spec }: ServingRuntime): ServerKind => {
  const images = spec.containers.map(({ image }) => image)
  if (words.some((word) => word === 'vllm' || word.startsWith('vllm.'))) return 'vllm'
  if (words.some((word) => word.startsWith('--rest_port'))) return 'ovms'
  // Caikit in front of TGIS is told so by its environment.
  if (words.includes('caikit.runtime') || variables.includes('RUNTIME_HTTP_ENABLED')) return 'caikit'
  if (words.includes('text-generation-launcher')) return 'tgis'
  if (words.some((word) => /(?:^|\/)mlserver$/.test(word)) || variables.some((name) => name.startsWith('MLSERVER_')))
    return 'mlserver'
  if (
    words.some((word) => /(?:^|\/|\s)tritonserver\b/.test(word)) ||
    images.some((image) => /\/tritonserver[:@]/.test(image))
  )
    return 'triton'
  if (spec.supportedModelFormats?.some(({ name }) => name.startsWith('guardrails-detector')) === true) return 'detector'
  return spec.protocolVersions?.includes('v2') === true ? 'open-inference' : 'other'
}

/**
 * The value of a command-line option, in either way of writing it; the last one counts.
 *
 * @param args - `--name=value`, or `--name` and `value`
 */
export const optionValue = (args: readonly string[], names: readonly string[]): string | undefined =>
  args.reduce<string | undefined>((found, arg, index) => {
    const name = names.find((one) => arg === one || arg.startsWith(`${one}=`))
    return name === undefined ? found : arg === name ? args[index + 1] : arg.slice(name.length + 1)
  }, undefined)
