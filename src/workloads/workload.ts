import type {
  EnvVar,
  KubernetesObject,
  Resources,
  RuntimeContainer,
  ServingRuntime,
  Toleration,
} from '../kubernetes/types.ts'
import type { PatchProblem } from '../kubernetes/patchProblem.ts'
import type { ServedPort } from '../payload/servingRuntime.ts'

/** What the pod of a model runs on. */
export interface PlannedAccelerator {
  /** Resource name: `nvidia.com/gpu`. */
  readonly identifier: string
  readonly count: number
  readonly tolerations: readonly Toleration[]
  readonly nodeSelector?: Readonly<Record<string, string>>
}

/** A volume of the model's pod, mounted into its container. */
export interface PlannedVolume {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: boolean
  readonly subPath?: string
  /** The volume's source, as in a pod: `{emptyDir: {}}`. */
  readonly source: Readonly<Record<string, unknown>>
}

export type AutoscalerClass = 'none' | 'external' | 'hpa'

/** What is decided about a model, as plain values: what a workload's object is built from. */
export interface WorkloadParts {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly displayName?: string
  /** Whether Prometheus may ask the pods. */
  readonly metrics: boolean
  readonly format: { readonly name: string; readonly version?: string }
  /** Name of the ServingRuntime. */
  readonly runtime: string
  /** Absent where the runtime takes the default. */
  readonly protocolVersion?: string
  /** Reference of the ModelCar image. */
  readonly source: string
  readonly args: readonly string[]
  readonly env: readonly EnvVar[]
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>
    readonly limits: Readonly<Record<string, string>>
  }
  readonly volumes: readonly PlannedVolume[]
  readonly readinessProbe?: Readonly<Record<string, unknown>>
  readonly serviceAccountName?: string
  readonly replicas: { readonly min: number; readonly max: number }
  readonly autoscalerClass: AutoscalerClass
  readonly strategy: 'Recreate' | 'RollingUpdate'
  readonly imagePullSecrets: readonly string[]
  readonly accelerator?: PlannedAccelerator
}

/**
 * What is so of a model once its object is final: read from the objects as patches and sites left them, by `Workload.read`
 * alone. Whatever checks, probes, lists and explanations say of a model, they say of this.
 */
export interface ModelFacts {
  /** Name of the ServingRuntime. */
  readonly runtime: string
  /** Reference of the ModelCar image. */
  readonly source: string
  /** The ServingRuntime with what the model changes of it: the pod's own containers, in their order. */
  readonly pod: ServingRuntime
  /** The container of the server, whole. */
  readonly container: RuntimeContainer
  /** What of it the model itself says. */
  readonly own: {
    readonly args: readonly string[]
    readonly env: readonly EnvVar[]
    readonly resources: Resources
    readonly mounts: readonly { readonly name: string; readonly mountPath: string }[]
  }
  /** The port that the Service leads to. */
  readonly port: ServedPort
  readonly protocolVersion?: string
  readonly replicas: { readonly min: number; readonly max: number }
  readonly strategy: string
  readonly readinessProbe?: Readonly<Record<string, unknown>>
  /** Devices that the pod asks for, by resource name. */
  readonly accelerators: Readonly<Record<string, number>>
  readonly volumes: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[]
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** An image that a controller adds to what an object says. */
export interface AddedImage {
  /** Key of the release-info, which KServe's configuration names as well. */
  readonly key: string
  /** What asks for it: `logger`, `batcher`. */
  readonly for: string
}

/**
 * A way to serve models in a cluster: what its controller makes of decisions. One folder each below workloads/.
 *
 * @typeParam O - the kind of object that a model becomes
 */
export interface Workload<O extends KubernetesObject> {
  readonly kind: string
  /** Name of a model's Deployment and Service. */
  readonly service: (model: string) => string
  /** Makes the object of plain decisions. */
  readonly build: (parts: WorkloadParts) => O
  /**
   * Looks whether an object that a patch changed can still be read, and whether it left alone what has fields of its own.
   *
   * @param before - as it was built
   */
  readonly check: (before: O, after: unknown) => PatchProblem | undefined
  /**
   * Reads what is so.
   *
   * @param object - final
   * @param runtime - final; one without containers where the runtime is not known
   */
  readonly read: (object: O, runtime: ServingRuntime) => ModelFacts
}
