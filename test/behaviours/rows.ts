import type { BehaviourName } from '../../src/rehearse/behaviours.ts'

/** What stands between the one who asks and the made-up server. */
export interface Front {
  /** Seconds that the router waits for the server; 30 unless told otherwise. */
  readonly patience?: number
  /** The router refuses the address that asks. */
  readonly refuses?: true
  /** The router's server is not there. */
  readonly empty?: true
  /** Whose certificate the router has: one for the hosts asked, or one for another host. */
  readonly certificate?: 'other-host'
  /** Nothing listens. */
  readonly absent?: true
}

/** One behaviour, and what a runner of the probes must say of it. */
export interface Row {
  readonly name: string
  /** Asked over a real network, through a real router, by each runner: what is between them is what the row is about. */
  readonly wire?: true
  readonly model: string
  readonly behaviour?: BehaviourName
  readonly front?: Front
  /** Options of the runner, beside --host, --model and --ca-file. */
  readonly options?: readonly string[]
  /** The device's address, where it is not the router's. */
  readonly host?: string
  readonly exit: 0 | 1 | 2 | 3
  /** Each check that is not good: its id, and the cause. */
  readonly failing?: readonly (readonly [id: string, cause: string])[]
  /** Checks that are not asked. */
  readonly skipped?: readonly string[]
}

const brief = ['--timeout', '2']
const patient = [...brief, '--wait', '8']

/**
 * The behaviours that probes are held to: data, for each runner alike. Every model is one of edge.yaml beside this file.
 */
export const rows: readonly Row[] = [
  // Good
  { name: 'a picture with a known answer', model: 'vision', exit: 0 },
  { name: 'a completion with a known answer', model: 'text', exit: 0 },
  { name: 'a chat, the prompt and the answer full of quotes', wire: true, model: 'chat', exit: 0 },
  {
    name: 'no known answer: zeros, in the shape that the server names',
    model: 'several',
    exit: 0,
    skipped: ['OVMS-METRICS', 'OVMS-COUNTER'],
  },
  { name: 'tensors, and requests with hostile paths and headers', wire: true, model: 'tensors', exit: 0 },
  {
    name: 'an API key',
    wire: true,
    model: 'keyed',
    options: ['--token-file', 'KEY'],
    exit: 0,
    skipped: ['VLLM-READY', 'VLLM-METRICS', 'VLLM-COUNTER'],
  },
  {
    name: 'a model without chat template is asked for a completion',
    model: 'chat',
    behaviour: 'no-chat-template',
    exit: 0,
  },
  { name: 'the hosts and the name of a site', model: 'text', options: ['--site', 'plant-a'], exit: 0 },
  {
    name: 'a slow start of OVMS: no model, no pod, good',
    wire: true,
    model: 'vision',
    behaviour: 'slow-start',
    options: patient,
    exit: 0,
  },
  { name: 'a slow start of vLLM', model: 'text', behaviour: 'slow-start', options: patient, exit: 0 },
  { name: 'a counter that lags', wire: true, model: 'vision', behaviour: 'slow-counter', exit: 0 },
  { name: 'SGLang: a chat with a known answer', model: 'other', exit: 0 },
  { name: 'a slow start of SGLang', model: 'other', behaviour: 'slow-start', options: patient, exit: 0 },

  // Not there yet, or not at all
  {
    name: 'a slow start, and nobody waits',
    model: 'vision',
    behaviour: 'slow-start',
    exit: 1,
    failing: [['OVMS-READY', 'not-loaded']],
  },
  {
    name: 'a model that never loads',
    model: 'vision',
    behaviour: 'never-loads',
    options: [...brief, '--wait', '2'],
    exit: 1,
    failing: [['OVMS-READY', 'not-loaded']],
  },
  {
    name: 'a server that is not ready',
    model: 'text',
    behaviour: 'not-ready',
    exit: 1,
    failing: [['VLLM-READY', 'not-ready']],
  },
  {
    name: 'no pod behind the Route',
    model: 'vision',
    front: { empty: true },
    exit: 1,
    failing: [['OVMS-READY', 'no-pod']],
  },
  {
    name: 'a page with status 200 for everything',
    model: 'text',
    behaviour: 'router-page',
    exit: 1,
    failing: [['VLLM-READY', 'router-answers']],
  },
  {
    name: 'nobody there',
    wire: true,
    model: 'vision',
    front: { absent: true },
    options: brief,
    exit: 3,
    failing: [['OVMS-READY', 'nobody-there']],
  },
  {
    name: 'nobody there, waited for',
    wire: true,
    model: 'text',
    front: { absent: true },
    options: [...brief, '--wait', '1'],
    exit: 3,
    failing: [['VLLM-READY', 'nobody-there']],
  },
  {
    name: 'a name that does not resolve',
    wire: true,
    model: 'vision',
    host: 'device.invalid',
    options: brief,
    exit: 3,
    failing: [['OVMS-READY', 'unknown-host']],
  },
  {
    name: 'a certificate for another host',
    wire: true,
    model: 'vision',
    front: { certificate: 'other-host' },
    exit: 1,
    failing: [['OVMS-READY', 'certificate']],
  },
  {
    name: 'a certificate for another host, taken',
    wire: true,
    model: 'vision',
    front: { certificate: 'other-host' },
    options: ['--insecure'],
    exit: 0,
  },
  {
    name: 'plain HTTP to a Route that speaks TLS',
    model: 'vision',
    behaviour: 'redirects',
    exit: 1,
    failing: [['OVMS-READY', 'redirected']],
  },
  {
    name: 'TLS to a port that speaks HTTP',
    wire: true,
    model: 'vision',
    options: ['--scheme', 'https', 'PLAIN'],
    exit: 1,
    failing: [['OVMS-READY', 'tls-failed']],
  },
  {
    name: 'an address that the Route does not admit',
    wire: true,
    model: 'limited',
    front: { refuses: true },
    exit: 1,
    failing: [['OVMS-READY', 'not-admitted']],
  },
  {
    name: 'a connection that is cut at once',
    model: 'vision',
    front: { refuses: true },
    exit: 1,
    failing: [['OVMS-READY', 'connection-cut']],
  },

  // Wrong
  {
    name: 'another class than known',
    model: 'vision',
    behaviour: 'wrong-answer',
    exit: 1,
    failing: [['OVMS-INFER', 'wrong-answer']],
  },
  {
    name: 'another text than known',
    model: 'text',
    behaviour: 'wrong-answer',
    exit: 1,
    failing: [['VLLM-COMPLETE', 'wrong-answer']],
  },
  {
    name: 'another text of SGLang than known',
    model: 'other',
    behaviour: 'wrong-answer',
    exit: 1,
    failing: [['SGLANG-CHAT', 'wrong-answer']],
  },
  {
    name: 'other values than known, twice',
    model: 'tensors',
    behaviour: 'wrong-answer',
    exit: 1,
    failing: [
      ['OVMS-INFER', 'wrong-answer'],
      ['OVMS-INFER-2', 'wrong-answer'],
    ],
  },
  {
    name: 'nothing is generated',
    model: 'chat',
    behaviour: 'no-tokens',
    exit: 1,
    failing: [['VLLM-CHAT', 'no-tokens']],
  },
  {
    name: 'a counter that stands still',
    model: 'vision',
    behaviour: 'counter-stuck',
    exit: 1,
    failing: [['OVMS-COUNTER', 'counter-stuck']],
  },
  {
    name: "vLLM's counter stands still",
    model: 'text',
    behaviour: 'counter-stuck',
    exit: 1,
    failing: [['VLLM-COUNTER', 'counter-stuck']],
  },
  {
    name: "SGLang's counter stands still",
    model: 'other',
    behaviour: 'counter-stuck',
    exit: 1,
    failing: [['SGLANG-COUNTER', 'counter-stuck']],
  },
  {
    name: 'a restart of SGLang between two questions',
    model: 'other',
    behaviour: 'restarted',
    exit: 1,
    failing: [['SGLANG-COUNTER', 'restarted']],
  },
  {
    name: 'a restart between two questions',
    model: 'vision',
    behaviour: 'restarted',
    exit: 1,
    failing: [['OVMS-COUNTER', 'restarted']],
  },
  {
    name: 'no metrics',
    model: 'vision',
    behaviour: 'metrics-off',
    exit: 1,
    failing: [['OVMS-METRICS', 'metrics-off']],
    skipped: ['OVMS-COUNTER'],
  },
  {
    name: 'metrics without the counter',
    model: 'vision',
    behaviour: 'other-metrics',
    exit: 1,
    failing: [['OVMS-METRICS', 'no-counter']],
    skipped: ['OVMS-COUNTER'],
  },
  {
    name: 'a counter that stands still costs its own seconds, not all of --wait',
    model: 'vision',
    behaviour: 'counter-stuck',
    options: ['--wait', '600'],
    exit: 1,
    failing: [['OVMS-COUNTER', 'counter-stuck']],
  },
  {
    name: 'OVMS takes any name',
    model: 'vision',
    behaviour: 'any-name',
    exit: 1,
    failing: [['OVMS-UNKNOWN', 'any-name']],
  },
  {
    name: 'vLLM takes any name',
    model: 'text',
    behaviour: 'any-name',
    exit: 1,
    failing: [['VLLM-UNKNOWN', 'any-name']],
  },
  {
    name: 'SGLang knows any name',
    model: 'other',
    behaviour: 'any-name',
    exit: 1,
    failing: [['SGLANG-UNKNOWN', 'any-name']],
  },
  {
    name: 'OVMS serves another name',
    model: 'vision',
    behaviour: 'misnamed',
    exit: 1,
    failing: [['OVMS-METADATA', 'other-name']],
  },
  {
    name: 'vLLM serves another name',
    model: 'text',
    behaviour: 'misnamed',
    exit: 1,
    failing: [['VLLM-MODELS', 'other-name']],
  },
  {
    name: 'SGLang serves another name',
    model: 'other',
    behaviour: 'misnamed',
    exit: 1,
    failing: [['SGLANG-MODELS', 'other-name']],
  },
  {
    name: 'another input than asked',
    model: 'vision',
    behaviour: 'other-input',
    exit: 1,
    failing: [['OVMS-METADATA', 'other-input']],
  },
  {
    name: 'channels first',
    model: 'vision',
    behaviour: 'layout-nchw',
    exit: 1,
    failing: [
      ['OVMS-METADATA', 'layout-nchw'],
      ['OVMS-INFER', 'layout-nchw'],
    ],
  },
  { name: 'a key is missing', model: 'keyed', exit: 1, failing: [['VLLM-MODELS', 'not-authorized']] },
  {
    name: 'a key that is not taken',
    model: 'keyed',
    behaviour: 'needs-key',
    options: ['--token-file', 'KEY'],
    exit: 1,
    failing: [['VLLM-MODELS', 'not-authorized']],
  },
  {
    name: 'an engine that hangs behind a healthy server',
    wire: true,
    model: 'vision',
    behaviour: 'hung-engine',
    options: brief,
    exit: 1,
    failing: [['OVMS-INFER', 'no-answer']],
  },
  {
    name: 'an engine that hangs longer than the router waits',
    wire: true,
    model: 'vision',
    behaviour: 'hung-engine',
    front: { patience: 1 },
    exit: 1,
    failing: [['OVMS-INFER', 'router-timeout']],
  },
  {
    name: 'a server that takes connections and says nothing',
    model: 'text',
    behaviour: 'hung-server',
    options: ['--timeout', '1'],
    exit: 1,
    failing: [['VLLM-READY', 'no-answer']],
  },
  { name: 'half an answer', model: 'vision', behaviour: 'broken-json', exit: 1, failing: [['OVMS-INFER', 'not-json']] },
  {
    name: 'half a completion',
    model: 'text',
    behaviour: 'broken-json',
    exit: 1,
    failing: [['VLLM-COMPLETE', 'not-json']],
  },
  {
    name: 'a connection that is cut during inference',
    model: 'vision',
    behaviour: 'reset',
    exit: 1,
    failing: [['OVMS-INFER', 'connection-cut']],
  },
  {
    name: 'an answer that ends too soon',
    wire: true,
    model: 'vision',
    behaviour: 'short',
    exit: 1,
    failing: [['OVMS-INFER', 'connection-cut']],
  },
  {
    name: 'an answer without end',
    wire: true,
    model: 'vision',
    behaviour: 'huge-answer',
    exit: 1,
    failing: [['OVMS-INFER', 'too-large']],
  },
  {
    name: 'a server that fails',
    model: 'vision',
    behaviour: 'server-error',
    exit: 1,
    failing: [['OVMS-INFER', 'server-error']],
  },
  {
    name: 'a server that refuses',
    model: 'chat',
    behaviour: 'refuses',
    exit: 1,
    failing: [
      ['VLLM-CHAT', 'refused'],
      ['VLLM-UNKNOWN', 'unexpected'],
    ],
  },
  {
    name: 'a server without the path',
    model: 'text',
    behaviour: 'other-api',
    exit: 1,
    failing: [['VLLM-COMPLETE', 'no-such-path']],
  },

  // Not asked
  {
    name: 'a model without Route',
    model: 'hidden',
    exit: 2,
    skipped: ['OVMS-READY', 'OVMS-METADATA', 'OVMS-METRICS', 'OVMS-INFER', 'OVMS-COUNTER', 'OVMS-UNKNOWN'],
  },
]
