import type { ModelServer } from './modelServer.ts'
import { anyPrompt, chatQuestion, completeQuestion, listsModel, unknownCompletion } from './openAiApi.ts'
import { optionValue, productOf } from './options.ts'
import { isReady } from './question.ts'
import { uvicornTls } from './uvicorn.ts'

const health = '/health'
const tensorParallel = ['--tensor-parallel-size', '-tp'] as const

/** With a task such as embedding there are no completions. */
const generates = (words: readonly string[]): boolean =>
  ['generate', 'auto'].includes(optionValue(words, ['--task']) ?? 'auto') &&
  optionValue(words, ['--runner']) !== 'pooling'

/** vLLM's OpenAI server. */
export const vllm = {
  id: 'vllm',
  title: 'vLLM',
  prefix: 'VLLM',
  recognises: ({ words }) => words.some((word) => word === 'vllm' || word.startsWith('vllm.')),
  generative: true,
  tlsOptions: uvicornTls,
  ownedArguments: { '--port': 'port', '--model': 'model', '--api-key': 'key' },
  nameArgument: '--served-model-name',
  servedName: (words, name) => optionValue(words, ['--served-model-name'])?.replace('{{.Name}}', name) ?? name,
  // From the environment: an argument is what every `ps` shows. The key guards /v1 alone: facts/kserve.md.
  apiKey: { variable: 'VLLM_API_KEY', guards: '/v1' },
  acceleratorsUsed: (words) =>
    productOf(words, [tensorParallel, ['--pipeline-parallel-size', '-pp'], ['--data-parallel-size', '-dp']]),
  parallelArgument: '--tensor-parallel-size',
  // 2Gi, and a gibibyte for each GPU beyond two: facts/modelcars.md, accelerators.
  sharedMemory: (words) => {
    const parallel = Number(optionValue(words, tensorParallel))
    return parallel > 1 ? `${Math.max(2, parallel)}Gi` : undefined
  },
  readyPath: () => health,
  ready: () => isReady(health),
  name: listsModel,
  complete: completeQuestion,
  chat: chatQuestion,
  anything: (asked) =>
    generates(asked.words) ? { what: 'COMPLETE', ...completeQuestion(anyPrompt, asked) } : undefined,
  counter: ({ words, servedName }) =>
    words.includes('--disable-log-stats')
      ? undefined
      : {
          is: 'counter',
          name: 'vllm:request_success_total',
          labels: { model_name: servedName },
          except: { label: 'finished_reason', values: ['abort', 'error'] },
        },
  unknown: ({ words }) => (generates(words) ? unknownCompletion() : undefined),
  fake: async () => (await import('./vllmFake.ts')).fakeVllm,
} satisfies ModelServer
