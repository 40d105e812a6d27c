import { paths } from '../../probes/paths.ts'
import type { Check, PathStep } from '../../probes/probe.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import { jsonHeaders, ok, type Question } from './question.ts'

export type CompleteSpec = NonNullable<NonNullable<ModelSpec['probes']>[number]['complete']>

/** What is asked when the spec asks nothing: any answer is good. */
export const anyPrompt: CompleteSpec = { prompt: 'Hello', maxTokens: 4 }

/** MicroShift's own test asks for 16; the router cuts long generations: facts/model-servers.md, vLLM. */
const defaultTokens = 16

/** A completion at temperature 0, by OpenAI's API. */
export const completeQuestion = (complete: CompleteSpec, servedName: string): Question => ({
  path: paths.openAi.completions,
  headers: jsonHeaders,
  extension: 'json',
  parts: [completion(complete, complete.model ?? servedName)],
  expect: ok(
    { is: 'type', at: ['choices', '0', 'text'], value: 'string', says: 'a text', cause: 'not-json' },
    ...generated(complete, ['choices', '0', 'text']),
  ),
})

/** A chat; a model without chat template is asked for a completion of the same prompt. */
export const chatQuestion = (chat: CompleteSpec, servedName: string): Question => {
  const model = chat.model ?? servedName
  const { path, parts = [], expect } = completeQuestion(chat, model)
  return {
    path: paths.openAi.chat,
    headers: jsonHeaders,
    extension: 'json',
    parts: [
      JSON.stringify({
        model,
        messages: [{ role: 'user', content: chat.prompt }],
        max_tokens: chat.maxTokens ?? defaultTokens,
        temperature: 0,
      }),
    ],
    // The content may be null (a model that thinks first): what it generated is counted.
    expect: ok(
      { is: 'type', at: ['choices', '0', 'message'], value: 'object', says: 'a message', cause: 'not-json' },
      ...generated(chat, ['choices', '0', 'message', 'content']),
    ),
    fallback: { path, parts, expect },
  }
}

const completion = ({ prompt, maxTokens = defaultTokens }: CompleteSpec, model: string): string =>
  JSON.stringify({ model, prompt, max_tokens: maxTokens, temperature: 0 })

const generated = ({ contains }: CompleteSpec, at: readonly PathStep[]): Check[] => [
  {
    is: 'at-least',
    at: ['usage', 'completion_tokens'],
    value: 1,
    says: 'one generated token or more',
    cause: 'no-tokens',
  },
  ...(contains === undefined
    ? []
    : [
        {
          is: 'containing',
          at,
          value: contains,
          says: `an answer with ${JSON.stringify(contains)} in it`,
          cause: 'wrong-answer',
        } satisfies Check,
      ]),
]

/** A completion by Caikit's API; it says OK on /health whatever happens, so this is the proof. */
export const caikitQuestion = (
  { prompt, contains, maxTokens = defaultTokens, model }: CompleteSpec,
  name: string,
): Question => ({
  path: paths.caikit.generate,
  headers: jsonHeaders,
  extension: 'json',
  parts: [JSON.stringify({ model_id: model ?? name, inputs: prompt, parameters: { max_new_tokens: maxTokens } })],
  expect: ok(
    { is: 'type', at: ['generated_text'], value: 'string', says: 'a text', cause: 'not-json' },
    ...(contains === undefined
      ? []
      : [
          {
            is: 'containing',
            at: ['generated_text'],
            value: contains,
            says: `an answer with ${JSON.stringify(contains)} in it`,
            cause: 'wrong-answer',
          } satisfies Check,
        ]),
  ),
})

/** The Hugging Face detector answers a list for each text. */
export const detectorQuestion = (): Question => ({
  path: paths.detector.contents,
  headers: jsonHeaders,
  extension: 'json',
  parts: [JSON.stringify({ contents: ['Hello'], detector_params: {} })],
  expect: ok({ is: 'type', at: ['0'], value: 'array', says: 'a list of detections for the text', cause: 'not-json' }),
})
