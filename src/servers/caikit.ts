import { anyPrompt, defaultTokens } from './openAiApi.ts'
import type { Asked, CompleteSpec, ModelServer } from './modelServer.ts'
import { containing, isReady, jsonHeaders, ok, type Question } from './question.ts'
import { uvicornTls } from './uvicorn.ts'

/** A completion; the server says OK on /health whatever happens, so this is the proof. */
const complete = ({ prompt, contains, maxTokens = defaultTokens, model }: CompleteSpec, { name }: Asked): Question => ({
  method: 'POST',
  path: '/api/v1/task/text-generation',
  headers: jsonHeaders,
  parts: [JSON.stringify({ model_id: model ?? name, inputs: prompt, parameters: { max_new_tokens: maxTokens } })],
  expect: ok(
    { is: 'type', at: ['generated_text'], value: 'string', says: 'a text', cause: 'not-json' },
    ...containing(contains, ['generated_text']),
  ),
})

/** Caikit, alone or in front of TGIS: the model's id is its folder's name. */
export const caikit = {
  id: 'caikit',
  title: 'Caikit',
  prefix: 'CAIKIT',
  // In front of TGIS it is told so by its environment.
  recognises: ({ words, variables }) => words.includes('caikit.runtime') || variables.includes('RUNTIME_HTTP_ENABLED'),
  generative: true,
  tlsOptions: uvicornTls,
  ready: () => isReady('/health'),
  complete,
  anything: (asked) => ({ what: 'COMPLETE', ...complete(anyPrompt, asked) }),
} satisfies ModelServer
