import type { EnvVar, Resources, ServingRuntime, Toleration } from '../kubernetes/types.ts'

/**
 * Everything decided, once. Renderers write it down; nothing after it asks the spec or the payload again. Immutable.
 */
export interface Plan {
  /** metadata.name: names the manifest directories. */
  readonly name: string
  readonly namespace: string
  readonly baseDomain: string
  readonly specSha256: string
  readonly payload: PlannedPayload
  /** The ServingRuntimes in use, rewritten for the workload's namespace, by name. */
  readonly runtimes: readonly PlannedRuntime[]
  /** In the order of the spec. */
  readonly models: readonly PlannedModel[]
  /** Every image that a device needs, each once: what changes least first (KServe, runtimes, models, extra). */
  readonly images: readonly PlannedImage[]
}

export interface PlannedPayload {
  readonly release?: string
  readonly base: string
  readonly releaseInfoSha256: string
}

export interface PlannedRuntime {
  readonly name: string
  /** Where it comes from: a path in the payload, or a file beside the spec. */
  readonly from: string
  readonly object: ServingRuntime
}

/** What the pod of a model runs on. */
export interface PlannedAccelerator {
  /** Resource name: `nvidia.com/gpu`. */
  readonly identifier: string
  readonly count: number
  readonly tolerations: readonly Toleration[]
  readonly nodeSelector?: Readonly<Record<string, string>>
}

export interface PlannedModel {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly format: { readonly name: string; readonly version?: string }
  /** Name of the ServingRuntime. */
  readonly runtime: string
  /** Absent where the runtime takes KServe's default, v1. */
  readonly protocolVersion?: string
  /** `oci://REFERENCE`. */
  readonly storageUri: string
  readonly args: readonly string[]
  readonly env: readonly EnvVar[]
  readonly resources: Resources
  readonly replicas: { readonly min: number; readonly max: number }
  readonly strategy: 'Recreate' | 'RollingUpdate'
  readonly imagePullSecrets: readonly string[]
  readonly accelerator?: PlannedAccelerator
  /** Name of the Deployment, the Service and the Route, which KServe derives. */
  readonly predictor: string
  /** Container port: the Service is headless, so a Route and a probe on the device name it. */
  readonly port: number
  /** Path that answers 200 once the model is there; absent for servers that edge does not know. */
  readonly readyPath?: string
  /** Absent with `expose: false`. */
  readonly route?: PlannedRoute
}

export interface PlannedRoute {
  readonly host: string
  readonly tls: 'edge' | 'none'
}

export interface PlannedImage {
  /** As the manifests on the device ask for it. */
  readonly reference: string
  readonly digest?: string
  /** Why the device needs it: `model granite`, `runtime kserve-ovms (kserve-container)`. */
  readonly why: readonly string[]
}
