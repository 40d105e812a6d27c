import type { ServingRuntime } from '../kubernetes/types.ts'
import { servedPort } from '../payload/servingRuntime.ts'

/** What edge knows of a model server, read from its runtime's commands, arguments and ports. Source: facts/model-servers.md. */
export interface Server {
  readonly kind: 'ovms' | 'vllm' | 'text-generation' | 'other'
  /** Answers take minutes, not seconds. */
  readonly generative: boolean
  /** Whether the server itself speaks TLS on the served port. */
  readonly tls: boolean
}

/**
 * Reads what serves a model.
 *
 * @param runtime - the ServingRuntime
 * @param args - the model's own arguments, which KServe appends
 */
export const describeServer = (runtime: ServingRuntime, args: readonly string[]): Server => {
  const words = [...runtime.spec.containers.flatMap((container) => [...(container.command ?? []), ...(container.args ?? [])]), ...args]
  const kind = kindOf(words)
  const port = servedPort(runtime)
  return {
    kind,
    generative: kind === 'vllm' || kind === 'text-generation',
    // vLLM and uvicorn take the certificate as an argument; OVMS has no TLS on its REST port.
    tls: words.some((word) => /^--ssl[-_](?:certfile|keyfile)\b/.test(word)) || port.name === 'https' || port.name?.startsWith('https-') === true,
  }
}

const kindOf = (words: readonly string[]): Server['kind'] => {
  if (words.some((word) => word === 'vllm' || word.startsWith('vllm.'))) return 'vllm'
  if (words.some((word) => word.startsWith('--rest_port'))) return 'ovms'
  if (words.some((word) => word === 'text-generation-launcher' || word === 'caikit.runtime')) return 'text-generation'
  return 'other'
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
