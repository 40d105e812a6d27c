import { answerFor } from './answers.ts'
import { type Answer, type Fake, json, parsed, type Rehearsed, type Request, nameOf } from './fake.ts'

const error = (status: number, message: string, type: string): Answer =>
  json(status, { error: { message, type, param: null, code: status } })

/** In what servers of the API differ. */
interface Habits {
  /** Its metrics after so many good answers. */
  readonly metrics: (model: string, count: number) => string
  /** Looks at no model's name in a question. */
  readonly takesAnyName?: true
  /** Tells of a single model below /v1/models. */
  readonly tellsModels?: true
  /** Status of an answer to what is no JSON by its type. */
  readonly wrongType: 400 | 415
}

/**
 * A fake of an OpenAI server. It takes any API key, where the model wants one. Source: facts/model-servers.md, vLLM.
 *
 * @param model - what it serves, with the answers that its probes know
 */
export const fakeOpenAi = (model: Rehearsed, habits: Habits): Fake => {
  const served = nameOf(model)
  const questions = model.probes.filter(({ step }) => step === 'inference')
  // LoRA adapters have names of their own.
  const names = new Set<unknown>([
    served,
    ...questions.flatMap(({ body }) =>
      typeof body === 'string' ? [parsed(model.bodies.get(body) ?? Buffer.of())?.['model']] : [],
    ),
  ])
  let counted = 0
  const generate = (request: Request, chat: boolean): Answer => {
    if (!String(request.headers['content-type'] ?? '').startsWith('application/json'))
      return error(
        habits.wrongType,
        "Unsupported Media Type: Only 'application/json' is allowed",
        'Unsupported Media Type',
      )
    const body = parsed(request.body)
    if (body === undefined) return error(400, 'Invalid JSON', 'BadRequestError')
    if (habits.takesAnyName !== true && !names.has(body['model']))
      return error(404, `The model \`${String(body['model'])}\` does not exist.`, 'NotFoundError')
    counted++
    const isAsked = (file: unknown) => typeof file === 'string' && model.bodies.get(file)?.equals(request.body) === true
    const question =
      questions.find(({ body: file }) => isAsked(file)) ??
      questions.find(({ fallback }) => isAsked(fallback?.body))?.fallback ??
      questions[0]
    const answer = JSON.parse(answerFor(question?.expect.checks ?? []).body || '{}') as {
      choices?: readonly { text?: string; message?: object }[]
    }
    const [choice] = answer.choices ?? []
    const text = { index: 0, finish_reason: 'stop', logprobs: null }
    return json(200, {
      id: chat ? 'chatcmpl-1' : 'cmpl-1',
      object: chat ? 'chat.completion' : 'text_completion',
      model: served,
      choices: [
        chat
          ? { ...text, message: { role: 'assistant', content: 'Hello', ...choice?.message } }
          : { ...text, text: choice?.text ?? ' there' },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
    })
  }
  return (request) => {
    const { method, path, headers } = request
    if (path === '/health' || path === '/health_generate') return { status: 200 }
    if (path === '/metrics')
      return {
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: habits.metrics(served, counted),
      }
    // The key guards /v1 alone.
    if (
      model.apiKey === true &&
      path.startsWith('/v1') &&
      !/^Bearer \S/.test((headers.authorization as string | undefined) ?? '')
    )
      return json(401, { error: 'Unauthorized' })
    if (method === 'GET' && path === '/v1/models')
      return json(200, {
        object: 'list',
        data: [{ id: served, object: 'model', root: '/mnt/models', max_model_len: 2048 }],
      })
    if (method === 'GET' && habits.tellsModels === true && path.startsWith('/v1/models/')) {
      const asked = decodeURIComponent(path.slice('/v1/models/'.length))
      return asked === served
        ? json(200, { id: served, object: 'model', root: served })
        : error(404, `The model '${asked}' does not exist`, 'invalid_request_error')
    }
    if (method === 'POST' && (path === '/v1/completions' || path === '/v1/chat/completions'))
      return generate(request, path.includes('chat'))
    return json(404, { detail: 'Not Found' })
  }
}
