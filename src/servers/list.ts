import { caikit } from './caikit.ts'
import { detector } from './detector.ts'
import { mlserver } from './mlserver.ts'
import type { ModelServer } from './modelServer.ts'
import { openInference } from './openInference.ts'
import { ovms } from './ovms.ts'
import { sglang } from './sglang.ts'
import { tgis } from './tgis.ts'
import { triton } from './triton.ts'
import { uvicornTls } from './uvicorn.ts'
import { vllm } from './vllm.ts'

/** The servers that edge knows; the first that recognises what runs in a pod is the one. */
export const servers: readonly ModelServer[] = [
  vllm,
  sglang,
  ovms,
  caikit,
  tgis,
  mlserver,
  triton,
  detector,
  openInference,
]

/** Any other: it is asked requests of the user's own alone. */
export const other = {
  id: 'other',
  title: 'a server that edge does not know',
  prefix: 'HTTP',
  recognises: () => true,
  generative: false,
  tlsOptions: uvicornTls,
} satisfies ModelServer

/** The servers that have something, by their titles. */
export const titlesWith = (field: keyof ModelServer): string[] =>
  servers.flatMap((server) => (server[field] === undefined ? [] : [server.title]))
