import type { ModelServer } from './modelServer.ts'
import { anyPrompt, chatQuestion, completeQuestion, listsModel, servedNameBy, unknownCompletion } from './openAiApi.ts'
import { optionValue } from './options.ts'
import { productOf, sharedMemoryOf } from './parallel.ts'
import { isReady } from './question.ts'
import { uvicornTls } from './uvicorn.ts'

const health = '/health'
const counter = 'vllm:request_success_total'
const dataParallelHere = ['--data-parallel-size-local', '-dpl'] as const
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
  // An image whose entrypoint is the server needs no command.
  recognises: ({ words, images }) =>
    words.some((word) => /^(?:.*\/)?vllm$|^vllm\./.test(word)) ||
    images.some((image) => /\/vllm-openai[:@]/.test(image)),
  generative: true,
  tlsOptions: uvicornTls,
  takesUnderscores: true,
  ownedArguments: { '--port': 'port', '--model': 'model', '--api-key': 'key' },
  nameArgument: '--served-model-name',
  servedName: servedNameBy(['--model']),
  // From the environment: an argument is what every `ps` shows. The key guards /v1 alone: facts/kserve.md.
  apiKey: { variable: 'VLLM_API_KEY', guards: '/v1' },
  // Of data parallelism, what this pod does of it; of several nodes, nobody knows what is here.
  acceleratorsUsed: (words) =>
    Number(optionValue(words, ['--nnodes', '-n']) ?? 1) === 1
      ? productOf(words, [
          tensorParallel,
          ['--pipeline-parallel-size', '-pp'],
          optionValue(words, dataParallelHere) === undefined ? ['--data-parallel-size', '-dp'] : dataParallelHere,
        ])
      : undefined,
  parallelArgument: '--tensor-parallel-size',
  sharedMemory: (words) => sharedMemoryOf(words, tensorParallel),
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
          name: counter,
          labels: { model_name: servedName },
          except: { label: 'finished_reason', values: ['abort', 'error'] },
        },
  unknown: ({ words }) => (generates(words) ? unknownCompletion() : undefined),
  fake: async () => {
    const { fakeOpenAi } = await import('./openAiFake.ts')
    return (model) => fakeOpenAi(model, { wrongType: 415, metrics })
  },
} satisfies ModelServer

const metrics = (model: string, count: number): string => `# HELP ${counter} Count of successfully processed requests.
# TYPE ${counter} counter
${counter}{engine="0",finished_reason="stop",model_name="${model}"} ${count}.0
${counter}{engine="0",finished_reason="length",model_name="${model}"} 1e+01
${counter}{engine="0",finished_reason="abort",model_name="${model}"} 100000.0
${counter}_created{engine="0",finished_reason="stop",model_name="${model}"} 1.7e+09
vllm:time_to_first_token_seconds_sum{engine="0",model_name="${model}"} NaN
`
