/**
 * Why a decision is as it is: each reason with its words, in one place. An empty text says no more than the place that the
 * decision comes from.
 */
const words = {
  given: (_: object) => '',
  patched: (_: object) => 'the patch says so',

  'runtime-fits': ({ format, accelerator }: { format: string; accelerator?: string }) =>
    `the one ServingRuntime that fits the format ${format}${accelerator === undefined ? '' : ` and the accelerator ${accelerator}`}`,
  'image-asked': ({ asked, locked }: { asked: string; locked?: Locked }) =>
    `the runtime asks for "${asked}"${lockedWords(locked)}`,
  'image-itself': (_: object) => '',
  'source-locked': ({ locked }: { locked: Locked }) => `the source${lockedWords(locked)}`,
  'source-archive': ({ archive }: { archive: string }) =>
    `the name that ${archive} has on devices: with another content it has another`,

  'port-declared': ({ container }: { container: string }) =>
    `the first port of ${container}: the Service is headless, so the Route names it`,
  'port-agent': (_: object) => "the port of KServe's agent, which a logger or a batcher puts in front of the server",
  'port-default': (_: object) => 'the runtime declares no port: KServe takes 8080',
  'protocol-listed': (_: object) => 'the runtime lists its protocols, and v1, which KServe assumes, is not one of them',

  'no-route': (_: object) => '',
  'host-router': ({ isDefault }: { isDefault: boolean }) =>
    `ROUTE-NAMESPACE.apps.BASEDOMAIN, as MicroShift's router names it${isDefault ? '; base domain by default' : ''}`,
  'tls-default': (_: object) => 'the default: the router speaks TLS, the pod HTTP',
  'path-key': ({ path }: { path: string }) => `the API key guards ${path} alone`,
  'timeout-generative': (_: object) => 'generations outlast the 30 s of the router',

  'name-model': (_: object) => "the model's name",
  'name-argument': ({ argument }: { argument: string }) => `the last ${argument} in args`,

  'readiness-asks': (_: object) => 'asks the server for the model, where edge knows how',
  'readiness-runtime': (_: object) => 'the runtime has a probe of its own',
  'readiness-port': (_: object) => 'edge knows no question about the model for this server',

  'replicas-default': (_: object) => 'the default',
  'autoscaler-base': ({ base }: { base: string }) => `what KServe of release base ${base} takes for that many replicas`,
  'strategy-default': (_: object) => 'the default',
  'strategy-accelerator': ({ accelerator }: { accelerator: string }) =>
    `with one accelerator a rolling update would wait for ever for the ${accelerator} that the old pod holds`,

  'base-domain-default': (_: object) => "the device's dns.baseDomain when nobody sets it",

  'probe-ready': (_: object) => 'a pod is ready before its model is',
  'probe-name': (_: object) => 'clients send that name',
  'probe-before': (_: object) => 'the count before',
  'probe-any': (_: object) => 'the spec gives no known answer: any will do',
  'probe-counter': (_: object) => 'the server has counted the question: it, and nothing else, answered',
  'probe-unknown': (_: object) => 'a model that does not exist must not be there, or a good answer proves nothing',
} as const

/** The reference that a lock put a digest in the place of, and the lock's name. */
export interface Locked {
  readonly reference: string
  readonly lock: string
}

const lockedWords = (locked: Locked | undefined): string =>
  locked === undefined ? '' : `: ${locked.lock} says which digest ${locked.reference} has`

type Words = typeof words
type ReasonCode = keyof Words
type ArgsOf<C extends ReasonCode> = Parameters<Words[C]>[0]

/** A reason as data: a code, and what its words need. */
export type Reason = {
  [C in ReasonCode]: keyof ArgsOf<C> extends never
    ? { readonly code: C }
    : { readonly code: C; readonly args: ArgsOf<C> }
}[ReasonCode]

/** A reason in words; empty where the place says it all. */
export const reasonWords = (reason: Reason): string =>
  (words[reason.code] as (args: unknown) => string)('args' in reason ? reason.args : {})
