import { unknownModel } from '../probes/paths.ts'
import type { Check, PathStep } from '../probes/probe.ts'
import type { Asked, CompleteSpec } from './modelServer.ts'
import { optionValue } from './options.ts'
import { containing, jsonHeaders, type NamedQuestion, ok, type Question } from './question.ts'

/** OpenAI's API, as model servers have it. */
export const paths = {
  models: '/v1/models',
  completions: '/v1/completions',
  chat: '/v1/chat/completions',
} as const

/**
 * The name that clients send, as Python's servers of this API take it: --served-model-name, else the model's path, which is an
 * option or what follows `serve`.
 *
 * @param modelOptions - the ways to write the option with the path
 */
export const servedNameBy =
  (modelOptions: readonly string[]) =>
  (words: readonly string[], name: string): string => {
    const path = optionValue(words, modelOptions) ?? words[words.indexOf('serve') + 1 || Infinity]
    const given = optionValue(words, ['--served-model-name']) ?? (path?.startsWith('-') === true ? undefined : path)
    return given?.replace('{{.Name}}', name) ?? name
  }

/** What is asked when the spec asks nothing: any answer is good. */
export const anyPrompt: CompleteSpec = { prompt: 'Hello', maxTokens: 4 }

/** MicroShift's own test asks for 16; the router cuts long generations: facts/model-servers.md, vLLM. */
export const defaultTokens = 16

/** The name that clients send is one that the server lists. */
export const listsModel = ({ servedName }: Asked): NamedQuestion => ({
  what: 'MODELS',
  path: paths.models,
  headers: {},
  expect: ok({
    is: 'equal',
    at: ['data', {}, 'id'],
    value: servedName,
    says: `the model ${JSON.stringify(servedName)}`,
    cause: 'other-name',
  }),
})

/** A completion at temperature 0. */
export const completeQuestion = (complete: CompleteSpec, { servedName }: Asked): Question => ({
  method: 'POST',
  path: paths.completions,
  headers: jsonHeaders,
  parts: [completion(complete, complete.model ?? servedName)],
  expect: ok(
    { is: 'type', at: ['choices', '0', 'text'], value: 'string', says: 'a text', cause: 'not-json' },
    ...generated(complete, ['choices', '0', 'text']),
  ),
})

/** A chat; a model without chat template is asked for a completion of the same prompt. */
export const chatQuestion = (chat: CompleteSpec, asked: Asked): Question => {
  const model = chat.model ?? asked.servedName
  const { path, parts = [], expect } = completeQuestion({ ...chat, model }, asked)
  return {
    method: 'POST',
    path: paths.chat,
    headers: jsonHeaders,
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

/** A completion by a model that does not exist: 404. */
export const unknownCompletion = (): Question => ({
  method: 'POST',
  path: paths.completions,
  headers: jsonHeaders,
  parts: [completion({ prompt: anyPrompt.prompt, maxTokens: 1 }, unknownModel)],
  expect: { status: [404], checks: [] },
})

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
  ...containing(contains, at),
]
