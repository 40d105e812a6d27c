import type { ServingRuntime } from '../kubernetes/types.ts'
import { other, servers } from './list.ts'
import type { ModelServer } from './modelServer.ts'
import { type ServerSubject, subjectOf } from './subject.ts'

/** A model server as it runs in a pod. */
export interface Server {
  readonly kind: ModelServer
  readonly subject: ServerSubject
  /** Whether the served port speaks HTTP. */
  readonly http: boolean
  /** Whether the server itself speaks TLS on the served port. */
  readonly tls: boolean
}

/** What serves: the first of the list that recognises it, else the one of which nothing is known. */
export const recogniseServer = (subject: ServerSubject): Server => {
  const kind = servers.find(({ recognises }) => recognises(subject)) ?? other
  const words = subject.words.map((word) => optionSpelling(word, kind))
  const { name } = subject.port
  return {
    kind,
    subject: { ...subject, words },
    // A name that says gRPC without TLS, as Knative and KServe use it.
    http: name !== 'h2c' && name?.startsWith('grpc') !== true,
    tls:
      name === 'https' ||
      name?.startsWith('https-') === true ||
      (kind.tlsOptions ?? []).some((option) => words.some((word) => word.split('=')[0] === option)),
  }
}

/** An argument with its option's name as the server's documentation writes it. */
export const optionSpelling = (word: string, { takesUnderscores }: ModelServer): string =>
  takesUnderscores === true ? word.replace(/^--[\w-]+/, (name) => name.replaceAll('_', '-')) : word

/** Reads what serves a model from its ServingRuntime and the model's own arguments. */
export const describeServer = (runtime: ServingRuntime, args: readonly string[]): Server =>
  recogniseServer(subjectOf(runtime, args))
