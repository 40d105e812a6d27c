import type { ServingRuntime } from '../kubernetes/types.ts'
import { servedPort } from '../payload/servingRuntime.ts'

/** What a model server is recognised by, and what its behaviour follows from: what runs in the pod, and what its runtime says of itself. */
export interface ServerSubject {
  /** Commands and arguments of the containers, those of the model last: KServe appends them. */
  readonly words: readonly string[]
  /** Names of environment variables. */
  readonly variables: readonly string[]
  readonly images: readonly string[]
  /** The container port that clients are led to. */
  readonly port: { readonly number: number; readonly name?: string; readonly container: string }
  /** Names of the formats that the runtime supports. */
  readonly formats: readonly string[]
  readonly protocolVersions: readonly string[]
  readonly hasReadinessProbe: boolean
}

/**
 * Reads what serves a model.
 *
 * @param runtime - the ServingRuntime
 * @param args - the model's own arguments, which KServe appends
 */
export const subjectOf = (runtime: ServingRuntime, args: readonly string[]): ServerSubject => {
  const { containers, supportedModelFormats = [], protocolVersions = [] } = runtime.spec
  const { port, name, container } = servedPort(runtime)
  return {
    words: [...containers.flatMap(({ command, args: own }) => wordsOf([...(command ?? []), ...(own ?? [])])), ...args],
    variables: containers.flatMap(({ env = [] }) => env.map((variable) => variable.name)),
    images: containers.map(({ image }) => image),
    port: { number: port, container, ...(name === undefined ? {} : { name }) },
    formats: supportedModelFormats.map((format) => format.name),
    protocolVersions,
    hasReadinessProbe: containers.some(({ readinessProbe }) => readinessProbe !== undefined),
  }
}

/** What runs: of a shell with a script (`sh -c "exec vllm serve …"`), the words of the script, as far as they need no shell to read. */
const wordsOf = (all: readonly string[]): string[] => {
  const script = /^(?:.*\/)?(?:ba|da|k|z)?sh$/.test(all[0] ?? '')
    ? all.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word)) + 1
    : 0
  return script === 0
    ? [...all]
    : all.flatMap((word, index) =>
        index === script ? word.split(/[\s;&|]+/).map((part) => part.replaceAll(/^["']|["']$/g, '')) : [word],
      )
}
