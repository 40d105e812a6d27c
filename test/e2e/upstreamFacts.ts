/** What a ServingRuntime of a real payload can do: facts/microshift.md, recommended-accelerators. */
export interface RuntimeFact {
  readonly name: string
  readonly port: number
  readonly portName?: string
  /** The container whose port counts. */
  readonly container: string
  /** `name:version`, with `*` for autoSelect. */
  readonly formats: readonly string[]
  readonly accelerator: string
}

export interface PayloadFact {
  readonly release: string
  readonly base: string
  /** By name. */
  readonly runtimes: readonly RuntimeFact[]
  /** The runtime whose image has no reference that a device could use, why, and what the message has to say about it. */
  readonly unusable?: {
    readonly runtime: string
    readonly placeholder: string
    readonly code: string
    readonly help: readonly string[]
  }
  /** Annotation serving.kserve.io/autoscalerClass by number of replicas: facts/kserve.md, replicas. */
  readonly autoscalerClass: { readonly 1: string; readonly 3: string }
}

const runtime = (
  name: string,
  formats: readonly string[],
  accelerator: string,
  rest: Partial<RuntimeFact> = {},
): RuntimeFact => ({ name, port: 8080, container: 'kserve-container', formats, accelerator, ...rest })

const caikitStandalone = runtime('caikit-standalone-runtime', ['caikit*'], 'nvidia.com/gpu')
const caikitTgis = runtime('caikit-tgis-runtime', ['caikit*'], 'nvidia.com/gpu', { container: 'transformer-container' })
const guardrails = runtime(
  'guardrails-detector-huggingface-runtime',
  ['guardrails-detector-hf-runtime*'],
  'nvidia.com/gpu',
  { port: 8000 },
)
const ovms = runtime(
  'kserve-ovms',
  ['openvino_ir:opset13*', 'onnx:1', 'tensorflow:1*', 'tensorflow:2*', 'paddle:2*', 'pytorch:2*'],
  'nvidia.com/gpu',
  { port: 8888 },
)
const tgis = runtime('tgis-grpc-runtime', ['pytorch*'], 'nvidia.com/gpu', { port: 8033, portName: 'h2c' })
const vllmCuda = runtime('vllm-cuda-runtime', ['vLLM*'], 'nvidia.com/gpu')
const vllmGaudi = runtime('vllm-gaudi-runtime', ['vLLM'], 'habana.ai/gaudi')
const vllmRocm = runtime('vllm-rocm-runtime', ['vLLM*'], 'amd.com/gpu')

/** All releases of base 2.25 that are known so far: what differs is the base. */
const ofBase225 = (release: string, base: string): PayloadFact => ({
  release,
  base,
  runtimes: [caikitStandalone, caikitTgis, guardrails, ovms, vllmCuda, vllmGaudi, vllmRocm],
  unusable: {
    runtime: 'guardrails-detector-huggingface-runtime',
    placeholder: 'guardrails-detector-huggingface-runtime-image',
    code: 'image-latest',
    help: ['quay.io/trustyai/guardrails-detector-huggingface-runtime:latest', 'spec.images', '/hf-detector.yaml:'],
  },
  autoscalerClass: { 1: 'none', 3: 'none' },
})

/** The payloads in ../shared/upstream. */
export const facts: readonly PayloadFact[] = [
  {
    release: '4.19.0',
    base: '2.19.0',
    runtimes: [caikitStandalone, caikitTgis, ovms, tgis, vllmGaudi, vllmRocm, { ...vllmCuda, name: 'vllm-runtime' }],
    unusable: {
      runtime: 'vllm-runtime',
      placeholder: 'vllm-image',
      code: 'image-placeholder',
      help: ['vllm-image', 'vllm-cuda-image', 'spec.images', '/vllm.yaml:'],
    },
    autoscalerClass: { 1: 'external', 3: 'hpa' },
  },
  ofBase225('4.19.43', '2.25.10'),
  {
    release: '4.20.0',
    base: '2.22.1',
    runtimes: [caikitStandalone, caikitTgis, guardrails, ovms, vllmCuda, vllmGaudi, vllmRocm],
    autoscalerClass: { 1: 'external', 3: 'hpa' },
  },
  ofBase225('4.20.26', '2.25.7'),
  ofBase225('4.21.29', '2.25.9'),
  ofBase225('4.22.3', '2.25.8'),
]
