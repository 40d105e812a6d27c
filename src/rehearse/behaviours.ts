import { type Answer, type Fake, json, parsed, type Request, routerPage, unavailable } from '../servers/fake.ts'

/** A way to go wrong: what becomes of a good server's answer to a request, the how-manieth being counted from 1. */
type Change = (good: Fake, request: Request, count: number) => Answer

/** What it does, in words, and the change; one that remembers makes a change for each model. */
type Behaviour = { readonly does: string } & ({ readonly change: Change } | { readonly make: () => Change })

const isInference = ({ method, path }: Request) =>
  method === 'POST' && /\/infer$|\/completions$|\/contents$|text-generation$/.test(path)
const isReady = ({ path }: Request) => /\/ready$|^\/health$/.test(path)
const isMetrics = ({ path }: Request) => path === '/metrics'

/** Only what a test fits is changed. */
const where =
  (fits: (request: Request) => boolean, answer: Change): Change =>
  (good, request, count) =>
    fits(request) ? answer(good, request, count) : good(request)

/** The text of a good answer, changed. */
const rewritten =
  (from: RegExp, to: string | ((text: string, ...groups: string[]) => string)): Change =>
  (good, request) => {
    const answer = good(request)
    return { ...answer, body: String(answer.body ?? '').replace(from, to as string) }
  }

const numbered = (metrics: string, change: (value: number) => number): string =>
  metrics.replaceAll(
    /^(ovms_requests_success\{version.*\}|vllm:request_success_total\{.*"stop".*\}) (\S+)/gm,
    (_, series: string, value: string) => `${series} ${change(Number(value))}`,
  )

/** What a server behind a Route can do, by name; `edge rehearse --behaviour NAME`. Sources: facts/model-servers.md, facts/microshift.md. */
export const behaviours = {
  good: { does: 'answers as expected', change: (good, request) => good(request) },
  'slow-start': {
    does: 'has no model first, then no pod, and then is good, once',
    change: (good, request, count) =>
      isReady(request) && count === 1 ? { status: 404 } : count < 4 ? unavailable : good(request),
  },
  'never-loads': {
    does: 'runs, and its model never loads',
    change: where(
      (request) => isReady(request) || request.path.startsWith('/v'),
      () => ({ status: 404 }),
    ),
  },
  'not-ready': { does: 'says that it is not ready', change: where(isReady, () => json(503, { error: 'not ready' })) },
  'no-pod': { does: 'is not there: the router says so in HTML', change: () => unavailable },
  'router-page': {
    does: 'gives a page of HTML with status 200 for everything',
    change: () => routerPage(200, 'Welcome'),
  },
  'wrong-answer': {
    does: 'answers, and not what is known',
    change: where(isInference, (good, request) => {
      const answer = good(request)
      const text = String(answer.body ?? '')
        .replace(/"data":\[[^\]]*\]/, '"data":[0.1,0.7,0.2]')
        .replace(/("(?:text|content|generated_text)":)"(?:[^"\\]|\\.)*"/, '$1" pineapple"')
      return { ...answer, body: text.replace(/"shape":\[[^\]]*\]/, '"shape":[1,3]') }
    }),
  },
  'no-tokens': {
    does: 'generates nothing',
    change: where(isInference, rewritten(/"completion_tokens":\d+/, '"completion_tokens":0')),
  },
  'counter-stuck': {
    does: 'does not count',
    change: where(isMetrics, (good, request) => ({
      ...good(request),
      body: numbered(String(good(request).body), () => 3),
    })),
  },
  restarted: {
    does: 'restarts between two questions: the counter goes back',
    make: () => {
      let looks = 0
      return where(isMetrics, (good, request) => ({
        ...good(request),
        body: numbered(String(good(request).body), (value) => (++looks % 2 === 1 ? 900 : value)),
      }))
    },
  },
  'slow-counter': {
    does: 'counts two seconds late',
    make: () => {
      const seen: { at: number; body: string }[] = []
      return where(isMetrics, (good, request) => {
        const now = Date.now()
        const answer = good(request)
        seen.push({ at: now, body: String(answer.body) })
        return { ...answer, body: seen.findLast(({ at }) => at <= now - 2000)?.body ?? seen[0]?.body ?? '' }
      })
    },
  },
  'other-metrics': {
    does: 'gives metrics without the counter',
    change: where(isMetrics, () => ({
      status: 200,
      headers: { 'Content-Type': 'text/plain' },
      body: '# nothing here\nup 1\n',
    })),
  },
  'metrics-off': { does: 'gives no metrics', change: where(isMetrics, () => ({ status: 400 })) },
  'any-name': {
    does: 'takes any model name',
    change: (good, request) => {
      const answer = good(request)
      return answer.status === 404
        ? json(200, { choices: [{ text: 'Hello' }], usage: { completion_tokens: 1 } })
        : answer
    },
  },
  misnamed: {
    does: 'serves its model under another name',
    change: where(
      ({ path }) => path === '/v1/models' || /^\/v2\/models\/[^/]+$/.test(path),
      rewritten(/"(id|name)":"[^"]*"/, '"$1":"somebody-else"'),
    ),
  },
  'other-input': {
    does: 'has a model whose input has another name',
    change: where(
      ({ path }) => /^\/v2\/models\/[^/]+$/.test(path),
      rewritten(/("inputs":\[\{"name":)"[^"]*"/, '$1"input_1"'),
    ),
  },
  'layout-nchw': {
    does: 'takes pictures with their channels first',
    change: (good, request) => {
      if (/^\/v2\/models\/[^/]+$/.test(request.path))
        return rewritten(/\[1,224,224,3\]/, '[1,3,224,224]')(good, request, 0)
      return isInference(request)
        ? json(400, { error: 'Received binary image input but resource not configured to accept NHWC layout' })
        : good(request)
    },
  },
  'needs-key': {
    does: 'wants an API key that nobody has',
    change: where(
      ({ path }) => path.startsWith('/v'),
      () => json(401, { error: 'Unauthorized' }),
    ),
  },
  'no-chat-template': {
    does: 'has a model without chat template',
    change: where(
      ({ path }) => path === '/v1/chat/completions',
      () =>
        json(400, {
          error: {
            message:
              'As of transformers v4.44, default chat template is no longer allowed, so you must provide a chat template if the tokenizer does not define one. None',
            type: 'BadRequestError',
          },
        }),
    ),
  },
  'hung-engine': {
    does: 'is healthy, and no inference ever ends',
    change: where(isInference, () => ({ status: 200, broken: 'silent' })),
  },
  'hung-server': { does: 'takes connections and says nothing', change: () => ({ status: 200, broken: 'silent' }) },
  'broken-json': {
    does: 'sends half of its JSON',
    change: where(isInference, (good, request) => ({
      ...good(request),
      body: String(good(request).body).slice(0, 20),
    })),
  },
  reset: {
    does: 'cuts the connection during inference',
    change: where(isInference, () => ({ status: 200, broken: 'reset' })),
  },
  short: {
    does: 'ends in the middle of an answer',
    change: where(isInference, (good, request) => ({ ...good(request), broken: 'short' })),
  },
  'huge-answer': {
    does: 'answers without end',
    change: where(isInference, () => ({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      broken: 'endless',
    })),
  },
  'server-error': {
    does: 'fails at inference',
    change: where(isInference, () => json(500, { error: 'Image parsing failed' })),
  },
  refuses: {
    does: 'refuses the request',
    change: where(isInference, () =>
      json(400, { error: { message: 'max_tokens is too large', type: 'BadRequestError' } }),
    ),
  },
  'other-api': {
    does: 'has no such path',
    change: where(
      (request) => isInference(request) && parsed(request.body)?.['model'] !== 'edge-no-such-model',
      () => json(404, { detail: 'Not Found' }),
    ),
  },
  redirects: {
    does: 'leads elsewhere',
    change: () => ({ status: 302, headers: { Location: 'https://elsewhere.example.com/' } }),
  },
} satisfies Record<string, Behaviour>

export type BehaviourName = keyof typeof behaviours

/** What a behaviour makes of a good server. */
export const behaving = (good: Fake, name: BehaviourName): Fake => {
  const behaviour: Behaviour = behaviours[name]
  const change = 'make' in behaviour ? behaviour.make() : behaviour.change
  let count = 0
  return (request) => change(good, request, ++count)
}
