/**
 * Every path that edge knows of model servers, in one place: probes and readiness probes take them from here. Source:
 * facts/model-servers.md. Names in a path are percent-encoded by `pathName`.
 */
export const paths = {
  /** Open Inference Protocol: OVMS, MLServer, Triton, KServe's Python server. */
  openInference: {
    serverReady: '/v2/health/ready',
    ready: (model: string) => `/v2/models/${pathName(model)}/ready`,
    metadata: (model: string) => `/v2/models/${pathName(model)}`,
    infer: (model: string) => `/v2/models/${pathName(model)}/infer`,
  },
  /** OpenAI's API, as vLLM has it. */
  openAi: { health: '/health', models: '/v1/models', completions: '/v1/completions', chat: '/v1/chat/completions' },
  caikit: { health: '/health', generate: '/api/v1/task/text-generation' },
  detector: { health: '/health', contents: '/api/v1/text/contents' },
  metrics: '/metrics',
} as const

const pathName = (name: string): string => encodeURIComponent(name)

/** The name of no model. */
export const unknownModel = 'edge-no-such-model'

/**
 * A path as it goes over the wire: what a URL cannot hold is percent-encoded, escapes that are there stay.
 *
 * @param path - path and query, as somebody writes it
 */
export const wirePath = (path: string): string =>
  path.replaceAll(/[^\w\-.~!$&'()*+,;=:@/?%[\]]|%(?![0-9a-fA-F]{2})/gu, (text) =>
    encodeURIComponent(/^[\ud800-\udfff]$/.test(text) ? '\ufffd' : text),
  )
