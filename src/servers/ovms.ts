import { unknownModel } from '../probes/paths.ts'
import type { Check } from '../probes/probe.ts'
import type { Asked, InferSpec, ModelServer } from './modelServer.ts'
import { defaultInput, inferQuestion, paths, zerosQuestion } from './openInferenceProtocol.ts'
import { isReady, type NamedQuestion, ok } from './question.ts'

/**
 * What it says of the model: its name, and that a picture reaches it as the server sends it. The layout shows here before it
 * spoils an inference: facts/model-servers.md, `--layout`.
 */
const metadata = ({ name, questions }: Asked): NamedQuestion => ({
  what: 'METADATA',
  path: paths.metadata(name),
  headers: {},
  expect: ok(
    { is: 'equal', at: ['name'], value: name, says: `the name ${JSON.stringify(name)}`, cause: 'other-name' },
    ...[...new Set(questions.flatMap(({ infer }) => pictureInput(infer)))].flatMap((input): Check[] => [
      {
        is: 'equal',
        at: ['inputs', {}, 'name'],
        value: input,
        says: `an input ${JSON.stringify(input)}`,
        cause: 'other-input',
      },
      {
        is: 'channels-last',
        at: ['inputs', { name: input }, 'shape'],
        says: `the input ${JSON.stringify(input)} with its channels last, as in [1,224,224,3]`,
        cause: 'layout-nchw',
      },
    ]),
  ),
})

const pictureInput = (infer: InferSpec | undefined): string[] =>
  infer?.image === undefined ? [] : [infer.input ?? defaultInput]

/** OpenVINO Model Server: the Open Inference Protocol on its REST port, which has no TLS. */
export const ovms = {
  id: 'ovms',
  title: 'OVMS',
  prefix: 'OVMS',
  recognises: ({ words }) => words.some((word) => word.startsWith('--rest_port')),
  generative: false,
  runsOnCpu: true,
  ownedArguments: { '--rest_port': 'port', '--port': 'port', '--model_path': 'model', '--model_name': 'name' },
  readyPath: (name, words) => (words.includes('--model_name={{.Name}}') ? paths.ready(name) : undefined),
  ready: ({ name }) => isReady(paths.ready(name)),
  name: metadata,
  infer: (infer, asked) => inferQuestion(infer, asked, { takesAllThatFollows: true, tellsName: true }),
  // One that is asked requests of the user's own may have no tensors: an LLM.
  anything: ({ name, questions }) =>
    questions.some(({ request }) => request !== undefined) ? undefined : { what: 'INFER', ...zerosQuestion(name) },
  counter: ({ name, words }) =>
    words.some((word) => /^--metrics_enable(?:=true)?$/.test(word))
      ? {
          is: 'counter',
          name: 'ovms_requests_success',
          labels: { api: 'KServe', interface: 'REST', method: 'ModelInfer', name },
          present: true,
        }
      : undefined,
  unknown: () => ({ path: paths.ready(unknownModel), headers: {}, expect: { status: [404], checks: [] } }),
  fake: async () => (await import('./ovmsFake.ts')).fakeOvms,
} satisfies ModelServer
