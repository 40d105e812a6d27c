import { unknownModel } from '../probes/paths.ts'
import type { ModelServer } from './modelServer.ts'
import { anyPrompt, chatQuestion, completeQuestion, listsModel, servedNameBy, paths } from './openAiApi.ts'
import { optionValue } from './options.ts'
import { productOf, sharedMemoryOf } from './parallel.ts'
import { isReady, pathName } from './question.ts'
import { uvicornTls } from './uvicorn.ts'

const health = '/health'
const tensorParallel = ['--tp-size', '--tensor-parallel-size', '--tp'] as const
const counter = 'sglang:num_requests_total'

/** SGLang's OpenAI server. Source: facts/sglang.md. */
export const sglang = {
  id: 'sglang',
  title: 'SGLang',
  prefix: 'SGLANG',
  recognises: ({ words, images }) =>
    words.some((word) => /^(?:.*\/)?sglang$|^sglang\.launch_server$/.test(word)) ||
    images.some((image) => /\/sglang[:@]/.test(image)),
  generative: true,
  tlsOptions: uvicornTls,
  ownedArguments: { '--port': 'port', '--model-path': 'model', '--model': 'model', '--api-key': 'bare-key' },
  nameArgument: '--served-model-name',
  servedName: servedNameBy(['--model-path', '--model']),
  hostArgument: '--host',
  // Data parallelism of attention alone happens within the tensor parallel group.
  acceleratorsUsed: (words) =>
    Number(optionValue(words, ['--nnodes']) ?? 1) === 1
      ? productOf(words, [
          tensorParallel,
          ['--pp-size', '--pipeline-parallel-size', '--pp'],
          ...(words.includes('--enable-dp-attention') ? [] : [['--dp-size', '--data-parallel-size', '--dp']]),
        ])
      : undefined,
  parallelArgument: '--tp-size',
  sharedMemory: (words) => sharedMemoryOf(words, tensorParallel),
  readyPath: () => health,
  ready: () => isReady(health),
  name: listsModel,
  complete: completeQuestion,
  chat: chatQuestion,
  anything: (asked) =>
    asked.words.includes('--is-embedding') ? undefined : { what: 'COMPLETE', ...completeQuestion(anyPrompt, asked) },
  counter: ({ words, servedName }) =>
    words.includes('--enable-metrics')
      ? { is: 'counter', name: counter, labels: { model_name: servedName } }
      : undefined,
  // A completion takes any name; only this path looks at it.
  unknown: () => ({
    path: `${paths.models}/${pathName(unknownModel)}`,
    headers: {},
    expect: { status: [404], checks: [] },
  }),
  fake: async () => {
    const { fakeOpenAi } = await import('./openAiFake.ts')
    return (model) => fakeOpenAi(model, { takesAnyName: true, tellsModels: true, wrongType: 400, metrics })
  },
} satisfies ModelServer

const metrics = (model: string, count: number): string => `# HELP ${counter} Number of requests processed.
# TYPE ${counter} counter
${counter}{engine_type="unified",is_streaming="false",model_name="${model}"} ${count}.0
${counter}{engine_type="unified",is_streaming="true",model_name="${model}"} 4.0
# HELP sglang:num_aborted_requests_total Number of requests aborted.
# TYPE sglang:num_aborted_requests_total counter
sglang:num_aborted_requests_total{engine_type="unified",model_name="${model}"} 1.0
`
