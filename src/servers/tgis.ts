import type { ModelServer } from './modelServer.ts'
import { uvicornTls } from './uvicorn.ts'

/** Text Generation Inference Server. It speaks gRPC. */
export const tgis = {
  id: 'tgis',
  title: 'TGIS',
  prefix: 'TGIS',
  recognises: ({ words }) => words.includes('text-generation-launcher'),
  generative: true,
  tlsOptions: uvicornTls,
} satisfies ModelServer
