import type { Probe } from '../probes/probe.ts'
import { answerFor } from './answers.ts'
import { type Answer, type Fake, json, nameOf, parsed, type Rehearsed, type Request } from './fake.ts'

/**
 * A fake of OpenVINO Model Server. Source: facts/model-servers.md, OVMS.
 *
 * @param model - what it serves, with the answers that its probes know
 */
export const fakeOvms = (model: Rehearsed): Fake => {
  const name = nameOf(model)
  const questions = model.probes.filter(({ step }) => step === 'inference')
  const inputs = inputsOf(model)
  const names = new Set([
    name,
    ...questions.flatMap(({ path }) => /^\/v2\/models\/([^/]+)\/infer$/.exec(path)?.[1] ?? []).map(decodeURIComponent),
  ])
  let counted = 0
  const infer = (request: Request, asked: string): Answer => {
    const refused = checkBody(request, inputs)
    if (refused !== undefined) return refused
    counted++
    const question =
      questions.find(({ body }) => typeof body === 'string' && model.bodies.get(body)?.equals(request.body) === true) ??
      questions[0]
    const { outputs = [] } = JSON.parse(answerFor(question?.expect.checks ?? []).body || '{}') as {
      outputs?: readonly Record<string, unknown>[]
    }
    return json(200, {
      model_name: asked,
      model_version: '1',
      outputs: (outputs.length === 0 ? [{}] : outputs).map((output) => ({
        name: '1463',
        datatype: 'FP32',
        data: [0.5],
        ...output,
        shape: output['shape'] ?? [1, Array.isArray(output['data']) ? output['data'].length : 1],
      })),
    })
  }
  return (request) => {
    const { method, path } = request
    if (method === 'GET' && path === '/v2/health/ready') return { status: 200 }
    if (method === 'GET' && path === '/metrics')
      return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: metrics(name, counted) }
    const [, asked, rest] = /^\/v2\/models\/([^/]+)(\/ready|\/infer)?$/.exec(path) ?? []
    if (asked === undefined) return { status: 404 }
    const asks = decodeURIComponent(asked)
    if (!names.has(asks))
      return rest === '/ready' ? { status: 404 } : json(404, { error: 'Model with requested name is not found' })
    if (method === 'GET' && rest === '/ready') return { status: 200 }
    if (method === 'GET' && rest === undefined)
      return json(200, {
        name: asks,
        versions: ['1'],
        platform: 'OpenVINO',
        inputs,
        outputs: [{ name: '1463', datatype: 'FP32', shape: [1, 1000] }],
      })
    return method === 'POST' && rest === '/infer' ? infer(request, asks) : { status: 405 }
  }
}

interface Input {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

/** The inputs that the questions are for. */
const inputsOf = ({ probes, bodies }: Rehearsed): Input[] => {
  const ofQuestion = ({ body, headers }: Probe): Input[] => {
    const length = Number(headers['Inference-Header-Content-Length'] ?? Infinity)
    const content = typeof body === 'string' ? bodies.get(body) : undefined
    const { inputs = [] } = (content === undefined ? {} : (parsed(content.subarray(0, length)) ?? {})) as {
      inputs?: readonly Input[]
    }
    return inputs.map(({ name, datatype, shape }) =>
      datatype === 'BYTES' ? { name, datatype: 'FP32', shape: [1, 224, 224, 3] } : { name, datatype, shape },
    )
  }
  const inputs = new Map(
    probes
      .filter(({ step }) => step === 'inference')
      .flatMap(ofQuestion)
      .map((input) => [input.name, input]),
  )
  return inputs.size === 0 ? [{ name: '0', datatype: 'FP32', shape: [-1, 4] }] : [...inputs.values()]
}

/** An input of a request. */
interface Tensor extends Partial<Input> {
  readonly data?: readonly unknown[]
}

/** What OVMS refuses, and with which status. */
const checkBody = ({ headers, body }: Request, known: readonly Input[]): Answer | undefined => {
  const header = headers['inference-header-content-length']
  const length = header === undefined ? body.length : Number(header)
  if (!Number.isInteger(length) || length < 0 || length > body.length)
    return json(400, { error: 'Inference-Header-Content-Length is not valid' })
  const { inputs } = (parsed(body.subarray(0, length)) ?? {}) as { inputs?: readonly Tensor[] }
  if (inputs === undefined || !Array.isArray(inputs))
    return json(412, { error: 'The request could not be parsed as JSON' })
  for (const input of inputs as readonly Tensor[])
    if (!known.some(({ name }) => name === input.name))
      return json(400, { error: `Unexpected input tensor alias: ${input.name}` })
  if (header === undefined) {
    const bad = (inputs as readonly Tensor[]).find(
      ({ shape = [], data = [] }) => shape.reduce((all, side) => all * side, 1) !== data.length,
    )
    return bad === undefined
      ? undefined
      : json(400, { error: `Invalid number of elements in tensor ${bad.name ?? ''}` })
  }
  const rest = body.subarray(length)
  if (rest.length < 4 || rest.readUInt32LE(0) !== rest.length - 4)
    return json(400, { error: 'The size of binary data does not match' })
  return rest.length === 4 ? json(500, { error: 'Image parsing failed' }) : undefined
}

const metrics = (
  name: string,
  count: number,
): string => `# HELP ovms_requests_success Number of successful requests to a model or a DAG.
# TYPE ovms_requests_success counter
ovms_requests_success{api="KServe",interface="REST",method="ModelReady",name="${name}"} 7
ovms_requests_success{api="KServe",interface="gRPC",method="ModelInfer",name="${name}",version="1"} 0
ovms_requests_success{version="1",name="${name}",method="ModelInfer",interface="REST",api="KServe"} ${count}
ovms_requests_fail{api="KServe",interface="REST",method="ModelInfer",name="${name}",version="1"} 0
`
