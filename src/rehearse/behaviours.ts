import { unknownModel } from '../probes/paths.ts'
import type { Step } from '../probes/probe.ts'
import {
  type Answer,
  type Fake,
  json,
  parsed,
  type Rehearsed,
  type Request,
  routerPage,
  unavailable,
} from '../servers/fake.ts'
import { paths } from '../servers/openAiApi.ts'

/** A request, and as which steps the model's probes ask it. */
interface Told extends Request {
  readonly steps: ReadonlySet<Step>
}

/** A way to go wrong: what becomes of a good server's answer to a request, the how-manieth being counted from 1. */
type Change = (good: Fake, request: Told, count: number) => Answer

/** What it does, in words, and the change; one that remembers makes a change for each model. */
type Behaviour = { readonly does: string } & ({ readonly change: Change } | { readonly make: () => Change })

const isInference = ({ steps }: Told) => steps.has('inference')
const isReady = ({ steps }: Told) => steps.has('ready')
const isName = ({ steps }: Told) => steps.has('name')
const isMetrics = ({ steps }: Told) => steps.has('metrics') || steps.has('counter')

/** Only what a test fits is changed. */
const where =
  (fits: (request: Told) => boolean, answer: Change): Change =>
  (good, request, count) =>
    fits(request) ? answer(good, request, count) : good(request)

/** The text of a good answer, changed. */
const rewritten =
  (from: RegExp, to: string): Change =>
  (good, request) => {
    const answer = good(request)
    return { ...answer, body: String(answer.body ?? '').replace(from, to) }
  }

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
    make: () => {
      let first: Answer | undefined
      return where(isMetrics, (good, request) => (first ??= good(request)))
    },
  },
  restarted: {
    does: 'restarts between two questions: the counter goes back',
    make: () => {
      let looks = 0
      return where(isMetrics, (good, request) =>
        ++looks % 2 === 1 ? rewritten(/^(\w[^#\n]*) \S+$/gm, '$1 900')(good, request, looks) : good(request),
      )
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
    change: where(isName, rewritten(/"(id|name)":"[^"]*"/, '"$1":"somebody-else"')),
  },
  'other-input': {
    does: 'has a model whose input has another name',
    change: where(isName, rewritten(/("inputs":\[\{"name":)"[^"]*"/, '$1"input_1"')),
  },
  'layout-nchw': {
    does: 'takes pictures with their channels first',
    change: (good, request) => {
      if (isName(request)) return rewritten(/\[1,224,224,3\]/, '[1,3,224,224]')(good, request, 0)
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
      ({ path }) => path === paths.chat,
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
      (request) => isInference(request) && parsed(request.body)?.['model'] !== unknownModel,
      () => json(404, { detail: 'Not Found' }),
    ),
  },
  redirects: {
    does: 'leads elsewhere',
    change: () => ({ status: 302, headers: { Location: 'https://elsewhere.example.com/' } }),
  },
} satisfies Record<string, Behaviour>

export type BehaviourName = keyof typeof behaviours

/**
 * What a behaviour makes of a good server.
 *
 * @param model - what it serves, with the probes that tell what a request is asked for
 */
export const behaving = (good: Fake, name: BehaviourName, { probes }: Pick<Rehearsed, 'probes'>): Fake => {
  const behaviour: Behaviour = behaviours[name]
  const change = 'make' in behaviour ? behaviour.make() : behaviour.change
  const asked = probes.flatMap(({ step, method, path, fallback }) =>
    [path, fallback?.path].map((url) => ({ step, method, url })),
  )
  let count = 0
  return (request) => {
    const same = asked.filter(({ method, url }) => method === request.method && url === request.url)
    return change(good, { ...request, steps: new Set(same.map(({ step }) => step)) }, ++count)
  }
}
