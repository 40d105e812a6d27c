import type { ModelSpec } from '../../spec/schema.ts'
import { paths } from '../../probes/paths.ts'
import type { Check, PathStep, Probe } from '../../probes/probe.ts'
import { littleEndian } from './littleEndian.ts'
import { jsonHeaders, ok, type Question } from './question.ts'

export type InferSpec = NonNullable<NonNullable<ModelSpec['probes']>[number]['infer']>

/** The guide's name of the one input of its model. */
const defaultInput = '0'

/**
 * A question to a server of the Open Inference Protocol: a picture as a binary tensor, or tensors as JSON. Source:
 * facts/model-servers.md, binary input; the JSON before a picture is the guide's for OVMS, byte for byte.
 *
 * @param picture - the picture's bytes, where the spec names one that can be read
 */
export const inferQuestion = (
  infer: InferSpec,
  model: string,
  isOvms: boolean,
  picture: Uint8Array | undefined,
): Question => {
  const name = infer.model ?? model
  const ask = {
    path: paths.openInference.infer(name),
    expect: { status: [200], checks: inferChecks(infer, isOvms ? name : undefined) },
  }
  if (infer.inputs !== undefined)
    return { ...ask, headers: jsonHeaders, extension: 'json', parts: [JSON.stringify({ inputs: infer.inputs })] }
  const bytes = picture ?? new Uint8Array()
  // OVMS takes all that follows for its one input; others want the size, as the protocol's binary extension has it.
  const size = isOvms ? '' : `, "parameters": {"binary_data_size": ${bytes.length + 4}}`
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

/** Readiness of a model, or of a server whose models have names of their own. */
export const readyProbe = (path: string): Omit<Probe, 'id'> => ({
  step: 'ready',
  method: 'GET',
  path,
  headers: {},
  expect: ok(),
})

/**
 * What OVMS says of the model: its name, and that a picture reaches it as the server sends it. The layout shows here before
 * it spoils an inference: facts/model-servers.md, `--layout`.
 *
 * @param questions - the spec's questions to the model
 */
export const metadataProbe = (name: string, questions: readonly InferSpec[]): Omit<Probe, 'id'> => ({
  step: 'name',
  method: 'GET',
  path: paths.openInference.metadata(name),
  headers: {},
  expect: ok(
    { is: 'equal', at: ['name'], value: name, says: `the name ${JSON.stringify(name)}`, cause: 'other-name' },
    ...[
      ...new Set(questions.filter(({ image }) => image !== undefined).map(({ input = defaultInput }) => input)),
    ].flatMap((input): Check[] => [
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

/** A request of zeros, made of what the server said of the inputs: no known answer, and yet the model has computed. */
export const zerosProbe = (name: string): Omit<Probe, 'id'> => ({
  step: 'inference',
  method: 'POST',
  path: paths.openInference.infer(name),
  headers: jsonHeaders,
  body: { from: 'metadata' },
  expect: { status: [200], checks: inferChecks({}, name) },
})
