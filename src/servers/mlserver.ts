import type { ModelServer } from './modelServer.ts'
import { inferQuestion, modelReady } from './openInferenceProtocol.ts'
import { uvicornTls } from './uvicorn.ts'

/** MLServer (Seldon): the Open Inference Protocol. */
export const mlserver = {
  id: 'mlserver',
  title: 'MLServer',
  prefix: 'MLSERVER',
  recognises: ({ words, variables }) =>
    words.some((word) => /(?:^|\/)mlserver$/.test(word)) || variables.some((name) => name.startsWith('MLSERVER_')),
  generative: false,
  tlsOptions: uvicornTls,
  ready: modelReady,
  infer: inferQuestion,
} satisfies ModelServer
