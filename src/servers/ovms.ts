import { unknownModel } from '../probes/paths.ts'
import type { Check } from '../probes/probe.ts'
import type { Asked, InferSpec, ModelServer } from './modelServer.ts'
import { defaultInput, inferQuestion, paths, zerosQuestion } from './openInferenceProtocol.ts'
import { optionValue } from './options.ts'
import { isReady, type NamedQuestion, ok } from './question.ts'

/**
 * What it says of the model: its name, and that a picture reaches it as the server sends it. The layout shows here before it
 * spoils an inference: facts/model-servers.md, `--layout`.
 */
const metadata = (asked: Asked): NamedQuestion => {
  const name = modelOf(asked)
  return {
    what: 'METADATA',
    path: paths.metadata(name),
    headers: {},
    expect: ok(
      { is: 'equal', at: ['name'], value: name, says: `the name ${JSON.stringify(name)}`, cause: 'other-name' },
      ...[...new Set(asked.questions.flatMap(({ infer }) => pictureInput(infer)))].flatMap((input): Check[] => [
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
  }
}

const pictureInput = (infer: InferSpec | undefined): string[] =>
  infer?.image === undefined ? [] : [infer.input ?? defaultInput]

const ownName = (words: readonly string[], name: string): string | undefined =>
  optionValue(words, ['--model_name'])?.replace('{{.Name}}', name)

/** The model that is asked: its own; where it has its models from a file, the one that the first question is for. */
const modelOf = ({ name, servedName, words, questions }: Asked): string =>
  ownName(words, name) ?? questions.flatMap(({ infer }) => infer?.model ?? [])[0] ?? servedName

/** OpenVINO Model Server: the Open Inference Protocol on its REST port, which has no TLS. */
export const ovms = {
  id: 'ovms',
  title: 'OVMS',
  prefix: 'OVMS',
  recognises: ({ words }) => words.some((word) => word.startsWith('--rest_port')),
  generative: false,
  runsOnCpu: true,
  ownedArguments: { '--rest_port': 'port', '--port': 'port', '--model_path': 'model', '--model_name': 'name' },
  servedName: (words, name) => ownName(words, name) ?? name,
  // A server that reads its models from a file has names that nobody knows here.
  readyPath: (name, words) => {
    const served = ownName(words, name)
    return served === undefined ? undefined : paths.ready(served)
  },
  ready: (asked) => isReady(paths.ready(modelOf(asked))),
  name: metadata,
  infer: (infer, asked) => inferQuestion(infer, asked, { takesAllThatFollows: true, tellsName: true }),
  // One that is asked requests of the user's own may have no tensors: an LLM.
  anything: ({ servedName, questions }) =>
    questions.some(({ request }) => request !== undefined)
      ? undefined
      : { what: 'INFER', ...zerosQuestion(servedName) },
  counter: (asked) =>
    asked.words.some((word) => /^--metrics_enable(?:=true)?$/.test(word))
      ? {
          is: 'counter',
          name: 'ovms_requests_success',
          labels: { api: 'KServe', interface: 'REST', method: 'ModelInfer', name: modelOf(asked) },
          present: true,
        }
      : undefined,
  unknown: () => ({ path: paths.ready(unknownModel), headers: {}, expect: { status: [404], checks: [] } }),
  fake: async () => (await import('./ovmsFake.ts')).fakeOvms,
} satisfies ModelServer
