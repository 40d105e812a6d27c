import type { Test } from '../probes/probe.ts'
import type { ModelSpec } from '../spec/schema.ts'
import type { Fake, Rehearsed } from './fake.ts'
import type { NamedQuestion, Question } from './question.ts'
import type { ServerSubject } from './subject.ts'

/** A question of the spec's. */
export type ProbeSpec = NonNullable<ModelSpec['probes']>[number]
export type InferSpec = NonNullable<ProbeSpec['infer']>
export type CompleteSpec = NonNullable<ProbeSpec['complete']>

/** The kinds of question that a spec can ask a server without saying how. */
export type QuestionKind = 'infer' | 'complete' | 'chat'

/** Why an argument may be set by the runtime alone: others rely on it, or it has a field of its own. */
export type ArgumentOwner = 'port' | 'model' | 'name' | 'key' | 'bare-key'

/** What a server is asked of. */
export interface Asked {
  /** Name of the InferenceService. */
  readonly name: string
  /** The name that clients send. */
  readonly servedName: string
  /** Commands and arguments in the pod. */
  readonly words: readonly string[]
  /** The spec's questions. */
  readonly questions: readonly ProbeSpec[]
  /** Bytes of a file that the spec names; empty where it cannot be read. */
  readonly fileOf: (path: string | undefined) => Uint8Array
}

/**
 * All that edge knows of a model server. It is a value: a new server is a file with one, and a line in list.ts. A field that
 * is left out is a thing that the server does not do, or that edge does not know of it. Source of all of them:
 * facts/model-servers.md.
 */
export interface ModelServer {
  /** Stands in probes.json. */
  readonly id: string
  /** Its name in sentences. */
  readonly title: string
  /** How the ids of its probes begin. */
  readonly prefix: string
  readonly recognises: (subject: ServerSubject) => boolean
  /** Answers take minutes, not seconds. */
  readonly generative: boolean
  /** Serves on a CPU too, though its runtime recommends accelerators. */
  readonly runsOnCpu?: true
  /** Takes `_` for `-` in names of options. */
  readonly takesUnderscores?: true
  /** The argument that makes it listen on more than the loopback address; absent where it does so without. */
  readonly hostArgument?: string
  /** Options that make it speak TLS on its port. */
  readonly tlsOptions?: readonly string[]
  /** Arguments that the runtime sets and everything else relies on, by name: a second one of the same name would win. */
  readonly ownedArguments?: Readonly<Record<string, ArgumentOwner>>
  /** The argument that gives a model another name; absent where clients send the InferenceService's name. */
  readonly nameArgument?: string
  /** The name that clients send. Default: `name`, the InferenceService's. */
  readonly servedName?: (words: readonly string[], name: string) => string
  /** An API key of its own: the environment variable that it is read from, and the only path that it guards. */
  readonly apiKey?: { readonly variable: string; readonly guards: string }
  /** How many devices its parallelism takes; undefined where that cannot be told. Absent: one is all that it can use, or unknown. */
  readonly acceleratorsUsed?: (words: readonly string[]) => number | undefined
  /** The argument that spreads a model over devices. */
  readonly parallelArgument?: string
  /** Size of the memory-backed /dev/shm that it needs, as a quantity. */
  readonly sharedMemory?: (words: readonly string[]) => string | undefined
  /** Where it says, without a key, that the model is there: what the kubelet asks. */
  readonly readyPath?: (name: string, words: readonly string[]) => string | undefined

  /** Ready: the model, or the server where models have names of their own. */
  readonly ready?: (asked: Asked) => NamedQuestion
  /** What it says of the model's name. */
  readonly name?: (asked: Asked) => NamedQuestion
  readonly infer?: (infer: InferSpec, asked: Asked) => Question
  readonly complete?: (complete: CompleteSpec, asked: Asked) => Question
  readonly chat?: (chat: CompleteSpec, asked: Asked) => Question
  /** A question without known answer, for a spec that asks none. */
  readonly anything?: (asked: Asked) => NamedQuestion | undefined
  /** The counter of good answers in its metrics. */
  readonly counter?: (asked: Asked) => Extract<Test, { readonly is: 'counter' }> | undefined
  /** A question about a model that does not exist. */
  readonly unknown?: (asked: Asked) => Question | undefined

  /** A made-up server for `edge rehearse`, loaded when it is asked for. Default: one that answers what the probes expect. */
  readonly fake?: () => Promise<(model: Rehearsed) => Fake>
}
