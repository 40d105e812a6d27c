import type { ModelServer } from './modelServer.ts'
import { isReady, jsonHeaders, ok } from './question.ts'
import { uvicornTls } from './uvicorn.ts'

/** The Hugging Face detector of guardrails. */
export const detector = {
  id: 'detector',
  title: 'the guardrails detector',
  prefix: 'DETECTOR',
  recognises: ({ formats }) => formats.some((name) => name.startsWith('guardrails-detector')),
  generative: false,
  tlsOptions: uvicornTls,
  ready: () => isReady('/health'),
  // It answers a list for each text.
  anything: () => ({
    what: 'DETECT',
    method: 'POST',
    path: '/api/v1/text/contents',
    headers: jsonHeaders,
    parts: [JSON.stringify({ contents: ['Hello'], detector_params: {} })],
    expect: ok({ is: 'type', at: ['0'], value: 'array', says: 'a list of detections for the text', cause: 'not-json' }),
  }),
} satisfies ModelServer
