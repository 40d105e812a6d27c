import type { ModelServer } from './modelServer.ts'
import { inferQuestion, paths } from './openInferenceProtocol.ts'
import { isReady } from './question.ts'
import { uvicornTls } from './uvicorn.ts'

/** NVIDIA Triton Inference Server: the Open Inference Protocol. */
export const triton = {
  id: 'triton',
  title: 'Triton',
  prefix: 'TRITON',
  recognises: ({ words, images }) =>
    words.some((word) => /(?:^|\/|\s)tritonserver\b/.test(word)) ||
    images.some((image) => /\/tritonserver[:@]/.test(image)),
  generative: false,
  tlsOptions: uvicornTls,
  // It names its models by their folders, and is ready when all are.
  ready: () => isReady(paths.serverReady),
  infer: inferQuestion,
} satisfies ModelServer
