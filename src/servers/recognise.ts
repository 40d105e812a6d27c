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
  const { name } = subject.port
  return {
    kind,
    subject,
    // A name that says gRPC without TLS, as Knative and KServe use it.
    http: name !== 'h2c' && name?.startsWith('grpc') !== true,
    tls:
      name === 'https' ||
      name?.startsWith('https-') === true ||
      (kind.tlsOptions ?? []).some((option) =>
        subject.words.some((word) => word.replaceAll('_', '-').split('=')[0] === option),
      ),
  }
}

/** Reads what serves a model from its ServingRuntime and the model's own arguments. */
export const describeServer = (runtime: ServingRuntime, args: readonly string[]): Server =>
  recogniseServer(subjectOf(runtime, args))
