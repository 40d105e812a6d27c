import type { Probe } from '../../src/probes/probe.ts'
import type { Answer } from '../../src/verify/judge.ts'

/** A question, what comes of it, and what it is worth: held by each runner of the probes, without any network. */
export interface Judged {
  readonly name: string
  /** `MODEL ID` of a probe of the case `probes`, or a probe. */
  readonly ask: string | Pick<Probe, 'step' | 'expect'>
  readonly answer: Partial<Answer>
  readonly before?: number
  readonly direct?: true
  readonly limited?: true
  readonly gives: { readonly verdict: 'pass'; readonly sum?: number } | Bad
}

interface Bad {
  readonly verdict?: 'unreachable' | 'fallback'
  readonly again?: 'wait' | 'settle'
  readonly cause: string
  readonly expected?: string
  readonly came?: string
  readonly answered?: string
}

const json = (value: unknown, status = 200): Partial<Answer> => ({ status, body: JSON.stringify(value) })
const page = (status: number): Partial<Answer> => ({
  status,
  html: true,
  body: '<html><h1>Application is\nnot available',
})
const none = (failure: NonNullable<Answer['failure']>, words = 'some words'): Partial<Answer> => ({ failure, words })
const pass = { verdict: 'pass' } as const
const metadata = (name: string, input: string, shape: readonly number[]) =>
  json({ name, inputs: [{ name: input, datatype: 'FP32', shape }] })
const outputs = (...data: readonly number[]) =>
  json({ model_name: 'tensors', outputs: [{ name: 'y', shape: [1, data.length], data }] })
const classes = (largest: number, size = 400) =>
  json({
    model_name: 'vision',
    outputs: [{ name: 'p', data: [Array.from({ length: size }, (_, index) => (index === largest ? 0.9 : 0.001))] }],
  })
const metrics = (value: string, more = '') => ({
  status: 200,
  body: `# TYPE ovms_requests_success counter\novms_requests_success{name="vision",method="ModelInfer",interface="REST",api="KServe",version="1"} ${value}\n${more}`,
})
const counted = (...series: readonly string[]) => ({
  status: 200,
  body: series.map((one) => `vllm:request_success_total{${one}\n`).join(''),
})
const custom = (checks: Probe['expect']['checks'], step: Probe['step'] = 'request', status = [200]) => ({
  step,
  expect: { status, checks },
})

export const judgements: readonly Judged[] = [
  // Nobody, or something between
  {
    name: 'nothing listens at the device',
    ask: 'vision OVMS-READY',
    answer: none('refused'),
    gives: {
      verdict: 'unreachable',
      again: 'wait',
      cause: 'nobody-there',
      expected: 'status 200',
      came: 'no answer: some words',
      answered: 'nobody',
    },
  },
  {
    name: 'no connection in time',
    ask: 'text VLLM-READY',
    answer: none('unconnected'),
    gives: { verdict: 'unreachable', again: 'wait', cause: 'nobody-there', answered: 'nobody' },
  },
  {
    name: 'a pod that does not listen',
    ask: 'vision OVMS-READY',
    direct: true,
    answer: none('refused'),
    gives: { again: 'wait', cause: 'not-listening', answered: 'nobody' },
  },
  {
    name: 'a name that does not resolve',
    ask: 'vision OVMS-READY',
    answer: none('name', 'could not resolve\u001b[31m\nhost'),
    gives: {
      verdict: 'unreachable',
      again: 'wait',
      cause: 'unknown-host',
      came: 'no answer: could not resolve [31m host',
      answered: 'nobody',
    },
  },
  {
    name: 'a CA that is none',
    ask: 'vision OVMS-READY',
    answer: none('ca-file'),
    gives: { verdict: 'unreachable', cause: 'ca-unusable', answered: 'nobody' },
  },
  {
    name: 'a request that could not be made',
    ask: 'vision OVMS-INFER',
    answer: none('other'),
    gives: { verdict: 'unreachable', cause: 'not-asked', answered: 'nobody' },
  },
  {
    name: 'a certificate for another host',
    ask: 'vision OVMS-READY',
    answer: none('certificate'),
    gives: { cause: 'certificate', answered: 'the connection' },
  },
  {
    name: 'TLS to what speaks none',
    ask: 'vision OVMS-READY',
    answer: none('tls'),
    gives: { again: 'wait', cause: 'tls-failed', answered: 'the connection' },
  },
  {
    name: 'an address that the Route does not admit',
    ask: 'limited OVMS-READY',
    limited: true,
    answer: none('cut'),
    gives: { cause: 'not-admitted', answered: 'the connection' },
  },
  {
    name: 'a connection that is cut at once',
    ask: 'vision OVMS-READY',
    answer: none('cut'),
    gives: { again: 'wait', cause: 'connection-cut' },
  },
  {
    name: 'a connection that is cut during inference',
    ask: 'limited OVMS-INFER',
    limited: true,
    answer: none('cut'),
    gives: { cause: 'connection-cut' },
  },
  {
    name: 'a server that takes connections and says nothing',
    ask: 'text VLLM-READY',
    answer: none('timeout'),
    gives: { again: 'wait', cause: 'no-answer' },
  },
  {
    name: 'an engine that hangs behind a healthy server',
    ask: 'vision OVMS-INFER',
    answer: none('timeout'),
    gives: { cause: 'no-answer', answered: 'the connection' },
  },
  { name: 'an answer without end', ask: 'vision OVMS-INFER', answer: none('too-large'), gives: { cause: 'too-large' } },
  {
    name: 'no pod behind the Route',
    ask: 'vision OVMS-READY',
    answer: page(503),
    gives: {
      again: 'wait',
      cause: 'no-pod',
      came: 'status 503: <html><h1>Application is not available',
      answered: 'the router',
    },
  },
  {
    name: 'the router loses the server',
    ask: 'vision OVMS-READY',
    answer: page(502),
    gives: { again: 'wait', cause: 'connection-cut', answered: 'the router' },
  },
  {
    name: 'the router loses the server during inference',
    ask: 'vision OVMS-INFER',
    answer: page(502),
    gives: { cause: 'connection-cut', answered: 'the router' },
  },
  {
    name: 'an engine that hangs longer than the router waits',
    ask: 'vision OVMS-INFER',
    answer: page(504),
    gives: { cause: 'router-timeout', answered: 'the router' },
  },
  {
    name: 'HTTP to a Route that speaks TLS',
    ask: 'vision OVMS-READY',
    answer: { status: 302 },
    gives: { cause: 'redirected', came: 'status 302: ', answered: 'the server' },
  },
  {
    name: 'a page with status 200 for everything',
    ask: 'text VLLM-READY',
    answer: page(200),
    gives: { again: 'wait', cause: 'router-answers', answered: 'the router' },
  },
  {
    name: 'a page is good where somebody asks for one',
    ask: custom([{ is: 'containing', value: '<h1>', says: '', cause: 'wrong-answer' }]),
    answer: page(200),
    gives: pass,
  },

  // Not there yet
  {
    name: 'OVMS has no such model yet',
    ask: 'vision OVMS-READY',
    answer: { status: 404 },
    gives: { again: 'wait', cause: 'not-loaded' },
  },
  {
    name: 'MLServer has no such model yet',
    ask: 'vision OVMS-READY',
    answer: json({ error: 'not ready' }, 400),
    gives: { again: 'wait', cause: 'not-loaded' },
  },
  {
    name: 'a server that is not ready',
    ask: 'text VLLM-READY',
    answer: json({ error: 'not ready' }, 503),
    gives: { again: 'wait', cause: 'not-ready', came: 'status 503: {"error":"not ready"}' },
  },
  { name: 'ready', ask: 'vision OVMS-READY', answer: { status: 200 }, gives: pass },

  // Names
  {
    name: 'the name of OVMS',
    ask: 'vision OVMS-METADATA',
    answer: metadata('vision', '0', [1, 224, 224, 3]),
    gives: pass,
  },
  {
    name: 'OVMS serves another name',
    ask: 'vision OVMS-METADATA',
    answer: metadata('somebody-else', '0', [1, 224, 224, 3]),
    gives: { cause: 'other-name', expected: 'the name "vision"', came: '"somebody-else"' },
  },
  {
    name: 'another input than asked',
    ask: 'vision OVMS-METADATA',
    answer: metadata('vision', 'input_1', [1, 224, 224, 3]),
    gives: { cause: 'other-input', came: '"input_1"' },
  },
  {
    name: 'channels first',
    ask: 'vision OVMS-METADATA',
    answer: metadata('vision', '0', [1, 3, 224, 224]),
    gives: { cause: 'layout-nchw', came: '[1,3,224,224]' },
  },
  {
    name: 'channels first, and a picture',
    ask: 'vision OVMS-INFER',
    answer: json({ error: 'resource not configured to accept NHWC layout' }, 400),
    gives: { cause: 'layout-nchw' },
  },
  {
    name: 'four channels last, three rows',
    ask: 'vision OVMS-METADATA',
    answer: metadata('vision', '0', [1, 3, 224, 4]),
    gives: pass,
  },
  {
    name: 'the name of vLLM',
    ask: 'text VLLM-MODELS',
    answer: json({ data: [{ id: 'a' }, { id: 'assistant' }] }),
    gives: pass,
  },
  {
    name: 'vLLM serves another name',
    ask: 'text VLLM-MODELS',
    answer: json({ data: [{ id: 'somebody-else' }, { id: 'b' }] }),
    gives: { cause: 'other-name', came: '"somebody-else", "b"' },
  },
  {
    name: 'a list without names',
    ask: 'text VLLM-MODELS',
    answer: json({ data: [] }),
    gives: { cause: 'other-name', came: 'nothing there, in {"data":[]}' },
  },
  {
    name: 'a key is missing, or not taken',
    ask: 'keyed VLLM-MODELS',
    answer: json({ error: 'Unauthorized' }, 401),
    gives: { cause: 'not-authorized' },
  },

  // Answers
  { name: 'the class that is known', ask: 'vision OVMS-INFER', answer: classes(309), gives: pass },
  {
    name: 'another class than known',
    ask: 'vision OVMS-INFER',
    answer: classes(1),
    gives: {
      cause: 'wrong-answer',
      expected: 'the largest value of an output at index 309',
      came: 'the largest value at index 1',
      answered: 'the server',
    },
  },
  {
    name: 'classes that are no numbers',
    ask: 'vision OVMS-INFER',
    answer: json({ model_name: 'vision', outputs: [{ data: ['a', null] }, { data: [] }] }),
    gives: { cause: 'wrong-answer', came: '["a",null], []' },
  },
  {
    name: 'the answer of another model',
    ask: 'vision OVMS-INFER',
    answer: json({ model_name: 'tensors', outputs: [] }),
    gives: { cause: 'other-name', came: '"tensors"' },
  },
  { name: 'values within the tolerance', ask: 'tensors OVMS-INFER', answer: outputs(0.5004, -1.2496), gives: pass },
  {
    name: 'other values than known',
    ask: 'tensors OVMS-INFER-2',
    answer: outputs(1, 1.5),
    gives: { cause: 'wrong-answer', came: '[1,1.5]' },
  },
  {
    name: 'another shape than known',
    ask: 'tensors OVMS-INFER',
    answer: outputs(0.5, -1.25, 0),
    gives: { cause: 'wrong-answer', came: '[1,3]' },
  },
  {
    name: 'the text that is known',
    ask: 'text VLLM-COMPLETE',
    answer: json({ choices: [{ text: 'at 100°C.' }], usage: { completion_tokens: 4 } }),
    gives: pass,
  },
  {
    name: 'another text than known',
    ask: 'text VLLM-COMPLETE',
    answer: json({ choices: [{ text: 'pineapple\n\u009b31m\u202e' }], usage: { completion_tokens: 4 } }),
    gives: { cause: 'wrong-answer', expected: 'an answer with "100°C" in it', came: '"pineapple\\n 31m "' },
  },
  {
    name: 'a text full of quotes',
    ask: 'chat VLLM-CHAT',
    answer: json({ choices: [{ message: { content: "x '$(id)'\n\\ # ☕ y" } }], usage: { completion_tokens: 4 } }),
    gives: pass,
  },
  {
    name: 'nothing is generated',
    ask: 'chat VLLM-CHAT',
    answer: json({ choices: [{ message: { content: null } }], usage: { completion_tokens: 0 } }),
    gives: { cause: 'no-tokens', came: '0' },
  },
  {
    name: 'no chat template',
    ask: 'chat VLLM-CHAT',
    answer: json({ message: 'As of transformers v4.44, default chat template is no longer allowed, so' }, 400),
    gives: { verdict: 'fallback', cause: 'no-chat-template' },
  },
  {
    name: 'no chat template: SGLang before 0.5',
    ask: 'chat VLLM-CHAT',
    answer: json(
      {
        message: 'Internal server error: Cannot use chat template functions because tokenizer.chat_template is not set',
      },
      500,
    ),
    gives: { verdict: 'fallback', cause: 'no-chat-template' },
  },
  {
    name: 'no chat template, and nothing else to ask',
    ask: 'text VLLM-COMPLETE',
    answer: json({ message: 'As of transformers v4.44, default chat template is no longer allowed, so' }, 400),
    gives: { cause: 'refused' },
  },
  {
    name: 'half an answer',
    ask: 'vision OVMS-INFER',
    answer: { status: 200, body: '{"model_name": "vi' },
    gives: { cause: 'not-json', came: 'no JSON: {"model_name": "vi' },
  },
  {
    name: 'half a completion',
    ask: 'text VLLM-COMPLETE',
    answer: { status: 200, body: '{"choices":[{"text":' },
    gives: { cause: 'not-json' },
  },
  {
    name: 'no answer at all where null is known',
    ask: custom([{ is: 'equal', at: [], value: null, says: 'null', cause: 'wrong-answer' }]),
    answer: { status: 200, body: '' },
    gives: { cause: 'not-json', came: 'no JSON: ' },
  },
  {
    name: 'null where null is known',
    ask: custom([{ is: 'equal', at: [], value: null, says: 'null', cause: 'wrong-answer' }]),
    answer: { status: 200, body: ' null ' },
    gives: pass,
  },
  {
    name: 'a server that fails',
    ask: 'vision OVMS-INFER',
    answer: json({ error: 'Image parsing failed' }, 500),
    gives: { cause: 'server-error' },
  },
  {
    name: 'a server that refuses',
    ask: 'chat VLLM-CHAT',
    answer: json({ error: { message: 'max_tokens is too large' } }, 400),
    gives: { cause: 'refused', came: 'status 400: {"error":{"message":"max_tokens is too large"}}' },
  },
  {
    name: 'a server that knows the model by another name',
    ask: 'text VLLM-COMPLETE',
    answer: json({ error: { message: 'The model `assistant` does not exist.' } }, 404),
    gives: { cause: 'other-name' },
  },
  {
    name: 'a server without the path',
    ask: 'text VLLM-COMPLETE',
    answer: json({ detail: 'Not Found' }, 404),
    gives: { cause: 'no-such-path' },
  },
  {
    name: "a path of the user's own that is not there",
    ask: 'tensors REQUEST',
    answer: { status: 404 },
    gives: { cause: 'no-such-path' },
  },
  {
    name: 'a status that nobody expects',
    ask: 'tensors REQUEST-2',
    answer: { status: 200 },
    gives: { cause: 'unexpected' },
  },
  {
    name: 'one of two statuses',
    ask: custom([], 'request', [200, 204]),
    answer: { status: 418, body: 'a tea{pot}' },
    gives: { cause: 'unexpected', expected: 'status 200 or 204', came: 'status 418: a tea{pot}' },
  },
  {
    name: 'a map in a list, whatever the order of its keys',
    ask: custom([
      { is: 'equal', at: ['a', '0', 'b/c'], value: { d: [1, null], e: 2 }, says: '', cause: 'wrong-answer' },
    ]),
    answer: json({ a: [{ 'b/c': { e: 2, d: [1, null] } }] }),
    gives: pass,
  },
  {
    name: 'a text of the whole answer',
    ask: custom([{ is: 'containing', value: 'b\r\nc', says: 'bc', cause: 'wrong-answer' }]),
    answer: { status: 200, body: 'a{body} b c' },
    gives: { cause: 'wrong-answer', expected: 'bc', came: 'a{body} b c' },
  },
  {
    name: 'a long answer is cut',
    ask: 'vision OVMS-INFER',
    answer: { status: 500, body: 'ä'.repeat(1000) },
    gives: { cause: 'server-error', came: `status 500: ${'ä'.repeat(299)}…` },
  },

  // Counters
  {
    name: 'the counter before',
    ask: 'vision OVMS-METRICS',
    answer: metrics('1e+02'),
    gives: { verdict: 'pass', sum: 100 },
  },
  {
    name: 'series of other names, models and interfaces do not count',
    ask: 'vision OVMS-METRICS',
    answer: metrics(
      '7',
      'ovms_requests_success_total{name="vision",method="ModelInfer",interface="REST",api="KServe"} 5\novms_requests_success{name="other",method="ModelInfer",interface="REST",api="KServe"} 9\novms_requests_success{name="vision",method="ModelInfer",interface="REST",api="KServe",version="2"} 2 1700000000\novms_requests_success{name="vision",method="ModelInfer",interface="REST",api="KServe",version="3"} NaN\n',
    ),
    gives: { verdict: 'pass', sum: 9 },
  },
  {
    name: 'metrics without the counter',
    ask: 'vision OVMS-METRICS',
    answer: { status: 200, body: '# nothing\nup 1\n' },
    gives: { cause: 'no-counter', came: 'no such series, in # nothing up 1 ' },
  },
  { name: 'no metrics', ask: 'vision OVMS-METRICS', answer: { status: 400 }, gives: { cause: 'metrics-off' } },
  {
    name: 'no metrics any more',
    ask: 'vision OVMS-COUNTER',
    before: 3,
    answer: { status: 404 },
    gives: { cause: 'metrics-off' },
  },
  {
    name: 'a counter that is higher',
    ask: 'vision OVMS-COUNTER',
    before: 3,
    answer: metrics('4'),
    gives: { verdict: 'pass', sum: 4 },
  },
  {
    name: 'a counter that stands still, or lags',
    ask: 'vision OVMS-COUNTER',
    before: 3,
    answer: metrics('3'),
    gives: { again: 'settle', cause: 'counter-stuck', came: '3 before, 3 now' },
  },
  {
    name: 'a restart between two questions',
    ask: 'vision OVMS-COUNTER',
    before: 900,
    answer: metrics('1'),
    gives: { cause: 'restarted', came: '900 before, 1 now' },
  },
  {
    name: 'a restart, and no series yet',
    ask: 'vision OVMS-COUNTER',
    before: 900,
    answer: { status: 200, body: 'up 1' },
    gives: { again: 'settle', cause: 'restarted', came: '900 before, no such series, in up 1' },
  },
  {
    name: 'none before and none now',
    ask: 'vision OVMS-COUNTER',
    before: 0,
    answer: { status: 200, body: 'up 1' },
    gives: { again: 'settle', cause: 'counter-stuck', came: '0 before, no such series, in up 1' },
  },
  {
    name: 'a counter whose value before is not known',
    ask: custom([
      { is: 'counter', name: 'c', labels: { a: 'b"\\' }, present: true, more: true, says: 'c', cause: 'no-counter' },
      { is: 'counter', name: 'c', labels: {}, present: true, says: 'c', cause: 'no-counter' },
      { is: 'containing', value: 'x', says: 'x', cause: 'wrong-answer' },
    ]),
    answer: { status: 200, body: 'c{a="b\\"\\\\"} 2\nc 3' },
    gives: { cause: 'no-counter', came: 'no such series, in c{a="b\\"\\\\"} 2 c 3' },
  },
  {
    name: "vLLM's counter sums its reasons, but those of failures",
    ask: 'text VLLM-METRICS',
    answer: counted(
      'finished_reason="stop",model_name="assistant"} 2.0',
      'finished_reason="length",model_name="assistant"} 3',
      'finished_reason="abort",model_name="assistant"} 50',
      'finished_reason="stop",model_name="other"} 700',
    ),
    gives: { verdict: 'pass', sum: 5 },
  },
  {
    name: 'vLLM counts from its first answer on',
    ask: 'text VLLM-METRICS',
    answer: counted(),
    gives: { verdict: 'pass', sum: 0 },
  },
  {
    name: "vLLM's counter stands still",
    ask: 'text VLLM-COUNTER',
    before: 3,
    answer: counted('finished_reason="stop",model_name="assistant"} 3'),
    gives: { again: 'settle', cause: 'counter-stuck' },
  },
  {
    name: 'a number that stands for nothing known',
    ask: custom([{ is: 'counter', name: 'c', labels: {}, more: true, says: 'c', cause: 'counter-stuck' }]),
    before: 2,
    answer: { status: 200, body: 'c 2' },
    gives: { cause: 'counter-stuck', came: '2 before, 2 now' },
  },

  // The name of no model
  { name: 'OVMS has no such model', ask: 'vision OVMS-UNKNOWN', answer: { status: 404 }, gives: pass },
  {
    name: 'OVMS takes any name',
    ask: 'vision OVMS-UNKNOWN',
    answer: { status: 200 },
    gives: { cause: 'any-name', expected: 'status 404' },
  },
  {
    name: 'vLLM takes any name',
    ask: 'text VLLM-UNKNOWN',
    answer: json({ choices: [] }),
    gives: { cause: 'any-name' },
  },
  {
    name: 'a model that does not exist is refused',
    ask: 'chat VLLM-UNKNOWN',
    answer: json({ error: 'x' }, 400),
    gives: { cause: 'unexpected' },
  },
]
