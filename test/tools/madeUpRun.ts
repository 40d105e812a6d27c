import { causes } from '../../src/probes/causes.ts'
import type { CheckFailure, CheckResult, DeviceResult } from '../../src/verify/result.ts'
import { verdictOf } from '../../src/verify/result.ts'

/** Texts that leave where they stand, in a page that takes them for more than text. */
export const hostileTexts = {
  script: '</script><img src=x onerror="window.ran=1">',
  comment: '<!--<script>',
  quotes: `"'\`><svg onload='window.ran=1'>`,
  separators: 'a\u2028b\u2029c',
  rightToLeft: '\u202egpj.exe\u202c \u05d0\u05d1\u05d2',
  entities: '&lt;b&gt; &amp; &#60;',
  template: '${window.ran=1} {{ran}} @@DATA@@',
  surrogate: 'half \ud800 of a pair',
  control: 'a\u0000b\u001b[31mred',
  long: 'long-'.repeat(2000),
} as const

/** Numbers between 0 and 1 that are the same in each run. */
const makeRandom = (): (() => number) => {
  let seed = 20_261_121
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
}

const models: readonly (readonly [name: string, kind: string, seconds: number, ...steps: readonly string[]])[] = [
  ['inspector', 'OVMS', 0.018, 'READY', 'METADATA', 'METRICS', 'INFER', 'COUNTER', 'UNKNOWN'],
  ['assistant', 'VLLM', 0.9, 'READY', 'MODELS', 'CHAT', 'COMPLETE', 'UNKNOWN'],
]

const bad = [
  'nobody-there',
  'no-pod',
  'wrong-answer',
  'not-ready',
  'certificate',
  'no-answer',
  'connection-cut',
  'layout-nchw',
  'metrics-off',
  'router-answers',
] as const

const failureFor = (cause: (typeof bad)[number], host: string, model: string): CheckFailure => ({
  expected: cause === 'wrong-answer' ? 'the largest value at index 309' : 'status 200',
  came:
    cause === 'nobody-there'
      ? `no answer: connect ECONNREFUSED ${host}:443`
      : cause === 'no-pod'
        ? 'status 503: <html><body><h1>503 Service Unavailable</h1>'
        : cause === 'wrong-answer'
          ? 'the largest value at index 94'
          : 'status 500: {"error":"internal"}',
  answered:
    cause === 'nobody-there'
      ? 'nobody'
      : cause === 'no-pod' || cause === 'router-answers'
        ? 'the router'
        : 'the server',
  cause,
  means: causes[cause].means,
  try: causes[cause].try.replaceAll('NAMESPACE', 'ai-demo'),
  request: `POST https://${model}-predictor-ai-demo.apps.example.com/v2/models/${model}/infer`,
})

/**
 * Results of a fleet that does not exist, the same in each run: some devices fail, some do not answer.
 *
 * @param count - how many devices
 */
export function* madeUpDevices(count: number): Generator<DeviceResult> {
  const random = makeRandom()
  const sites = [
    undefined,
    'plant-a',
    'plant-b',
    'harbour',
    'store-berlin',
    'store-lyon',
    'store-osaka',
    'store-porto',
    'warehouse-north',
  ]
  for (let index = 0; index < count; index++) {
    const site = sites[Math.floor(random() ** 1.6 * sites.length)]
    const host =
      index % 5 === 0
        ? `edge-${index}.${site ?? 'lab'}.example.com`
        : `10.${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
    const fate = random()
    const cause = fate < 0.88 ? undefined : bad[Math.floor(random() ** 2 * bad.length)]
    const isStopped = cause === 'nobody-there' || cause === 'no-pod'
    const failing = isStopped ? 0 : Math.floor(random() * 5)
    const checks = models.flatMap(([model, kind, usual, ...steps], which) =>
      steps.map((step, place): CheckResult => {
        const id = `${kind}-${step}`
        const seconds =
          (['INFER', 'CHAT', 'COMPLETE'].includes(step) ? usual : 0.004) * (0.6 + random() + 4 * random() ** 12)
        const isFailing = cause !== undefined && (which === 0 || cause === 'nobody-there')
        if (isFailing && isStopped && place > 0)
          return { model, id, verdict: 'skip', skip: `${kind}-READY did not pass` }
        if (kind === 'VLLM' && site === 'harbour')
          return {
            model,
            id,
            verdict: 'skip',
            skip: 'it has no Route: on the device, --direct asks its pod',
            hidden: true,
          }
        if (!isFailing || place !== failing) return { model, id, verdict: 'pass', seconds }
        return {
          model,
          id,
          verdict: cause === 'nobody-there' ? 'unreachable' : 'fail',
          seconds: cause === 'no-answer' ? 10 : seconds,
          ...(cause === 'not-ready' ? { attempts: 12 } : {}),
          failure: failureFor(cause, host, model),
        }
      }),
    )
    const seconds = checks.reduce((sum, check) => sum + (check.seconds ?? 0), 0)
    yield {
      host,
      ...(site === undefined ? {} : { site }),
      labels: { line: String((index % 7) + 1), ...(index % 3 === 0 ? { gpu: 'nvidia-l4' } : {}) },
      verdict: verdictOf(checks),
      seconds,
      checks,
    }
  }
}

/** A device all of whose words are one text. */
export const deviceOf = (text: string, host = text): DeviceResult => ({
  host,
  site: text,
  labels: { [text]: text },
  verdict: 'fail',
  seconds: 1,
  checks: [
    {
      model: text,
      id: text,
      verdict: 'fail',
      seconds: 1,
      failure: { expected: text, came: text, answered: text, cause: text, means: text, try: text, request: text },
    },
    { model: text, id: `${text}-2`, verdict: 'skip', skip: text },
    {
      model: text,
      id: `${text}-3`,
      verdict: 'pass',
      seconds: 0.25,
      soak: { rounds: 9, failures: 0, latency: { p50: 0.25, p95: 0.5, p99: 0.75, max: 1 } },
    },
  ],
})
