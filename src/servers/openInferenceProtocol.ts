import type { Check, PathStep } from '../probes/probe.ts'
import type { Asked, InferSpec } from './modelServer.ts'
import { isReady, jsonHeaders, type NamedQuestion, pathName, type Question } from './question.ts'

/** The paths of the Open Inference Protocol: OVMS, MLServer, Triton, KServe's Python server. */
export const paths = {
  serverReady: '/v2/health/ready',
  ready: (model: string) => `/v2/models/${pathName(model)}/ready`,
  metadata: (model: string) => `/v2/models/${pathName(model)}`,
  infer: (model: string) => `/v2/models/${pathName(model)}/infer`,
} as const

/** The guide's name of the one input of its model. */
export const defaultInput = '0'

/** Readiness of the model that is asked first. */
export const modelReady = ({ servedName, questions }: Asked): NamedQuestion =>
  isReady(paths.ready(questions.flatMap(({ infer }) => infer ?? [])[0]?.model ?? servedName))

/** In what servers of the protocol differ. */
interface Habits {
  /** Takes all that follows the JSON for its one input; others want the size, as the protocol's binary extension has it. */
  readonly takesAllThatFollows?: true
  /** Its answer tells the name that was asked for. */
  readonly tellsName?: true
}

/**
 * A question: a picture as a binary tensor, or tensors as JSON. Source: facts/model-servers.md, binary input; the JSON before a
 * picture is the guide's for OVMS, byte for byte.
 */
export const inferQuestion = (infer: InferSpec, { servedName, fileOf }: Asked, habits: Habits = {}): Question => {
  const name = infer.model ?? servedName
  const ask = {
    method: 'POST',
    path: paths.infer(name),
    expect: { status: [200], checks: inferChecks(infer, habits.tellsName ? name : undefined) },
  }
  if (infer.inputs !== undefined)
    return { ...ask, headers: jsonHeaders, parts: [JSON.stringify({ inputs: infer.inputs })] }
  const bytes = fileOf(infer.image)
  const size = habits.takesAllThatFollows ? '' : `, "parameters": {"binary_data_size": ${bytes.length + 4}}`
  const head = `{"inputs" : [{"name": ${JSON.stringify(infer.input ?? defaultInput)}, "shape": [1], "datatype": "BYTES"${size}}]}`
  return {
    ...ask,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Inference-Header-Content-Length': String(new TextEncoder().encode(head).length),
    },
    extension: 'bin',
    parts: [head, littleEndian(bytes.length), bytes],
  }
}

/** A request of zeros, made of what the server said of the inputs: no known answer, and yet the model has computed. */
export const zerosQuestion = (name: string): Question => ({
  method: 'POST',
  path: paths.infer(name),
  headers: jsonHeaders,
  body: { from: 'metadata' },
  expect: { status: [200], checks: inferChecks({}, name) },
})

const inferChecks = (infer: InferSpec, name: string | undefined): Check[] => {
  const { output, argmax, shape, values, tolerance = 0.001 } = infer
  const one: PathStep = output === undefined ? {} : { name: output }
  const of = output === undefined ? 'an output' : `the output ${JSON.stringify(output)}`
  return [
    { is: 'type', at: ['outputs'], value: 'array', says: 'a list of outputs', cause: 'not-json' },
    ...(name === undefined
      ? []
      : [
          {
            is: 'equal',
            at: ['model_name'],
            value: name,
            says: `model_name ${JSON.stringify(name)}`,
            cause: 'other-name',
          } satisfies Check,
        ]),
    ...(output === undefined
      ? []
      : [{ is: 'equal', at: ['outputs', {}, 'name'], value: output, says: of, cause: 'wrong-answer' } satisfies Check]),
    ...(shape === undefined
      ? []
      : [
          {
            is: 'equal',
            at: ['outputs', one, 'shape'],
            value: shape,
            says: `${of} of shape ${JSON.stringify(shape)}`,
            cause: 'wrong-answer',
          } satisfies Check,
        ]),
    ...(argmax === undefined
      ? []
      : [
          {
            is: 'argmax',
            at: ['outputs', one, 'data'],
            value: argmax,
            says: `the largest value of ${of} at index ${argmax}`,
            cause: 'wrong-answer',
          } satisfies Check,
        ]),
    ...(values === undefined
      ? []
      : [
          {
            is: 'near',
            at: ['outputs', one, 'data'],
            value: values,
            tolerance,
            says: `${of} within ${tolerance} of ${shortened(JSON.stringify(values))}`,
            cause: 'wrong-answer',
          } satisfies Check,
        ]),
  ]
}

const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text)

/** A length as four bytes, the lowest first. */
const littleEndian = (length: number): Uint8Array => new Uint8Array([length, length >> 8, length >> 16, length >> 24])
