import type { ModelServer } from './modelServer.ts'
import { inferQuestion, modelReady } from './openInferenceProtocol.ts'
import { uvicornTls } from './uvicorn.ts'

/** Any other server whose runtime says that it speaks the Open Inference Protocol, as KServe's Python server does. */
export const openInference = {
  id: 'open-inference',
  title: 'a server of the Open Inference Protocol',
  prefix: 'V2',
  recognises: ({ protocolVersions }) => protocolVersions.includes('v2'),
  generative: false,
  tlsOptions: uvicornTls,
  ready: modelReady,
  infer: inferQuestion,
} satisfies ModelServer
