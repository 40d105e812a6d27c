import type { V1Container, V1EnvVar, V1ResourceRequirements, V1Toleration } from '@kubernetes/client-node'

/** The fields of Kubernetes objects that edge reads or writes. A payload's objects may hold more: all of it survives. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
}

export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export type EnvVar = Pick<V1EnvVar, 'name' | 'value'> & { readonly valueFrom?: Readonly<Record<string, unknown>> }
export type Toleration = Readonly<Pick<V1Toleration, 'key' | 'operator' | 'value' | 'effect' | 'tolerationSeconds'>>
export type Resources = Pick<V1ResourceRequirements, 'requests' | 'limits'>

/** A container of a ServingRuntime: name and image are required, the rest is as in a pod. */
export type RuntimeContainer = Readonly<Omit<V1Container, 'image'>> & { readonly image: string }

/** serving.kserve.io/v1alpha1, `ServingRuntimeSpec` in KServe's pkg/apis/serving/v1alpha1/servingruntime_types.go. */
export interface ServingRuntime extends KubernetesObject {
  readonly kind: 'ServingRuntime'
  readonly spec: ServingRuntimeSpec
}

export interface ServingRuntimeSpec {
  readonly containers: readonly RuntimeContainer[]
  readonly workerSpec?: { readonly containers?: readonly RuntimeContainer[] }
  readonly supportedModelFormats?: readonly SupportedModelFormat[]
  readonly protocolVersions?: readonly string[]
  readonly multiModel?: boolean
  readonly disabled?: boolean
}

export interface SupportedModelFormat {
  readonly name: string
  readonly version?: string
  readonly autoSelect?: boolean
  readonly priority?: number
}

/** serving.kserve.io/v1beta1, as far as edge writes it. */
export interface InferenceService extends KubernetesObject {
  readonly kind: 'InferenceService'
  readonly spec: { readonly predictor: Predictor }
}

export interface Predictor {
  readonly minReplicas: number
  readonly maxReplicas: number
  readonly deploymentStrategy: { readonly type: 'Recreate' | 'RollingUpdate' }
  readonly imagePullSecrets?: readonly { readonly name: string }[]
  readonly serviceAccountName?: string
  readonly volumes?: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[]
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly tolerations?: readonly Toleration[]
  readonly model: {
    readonly modelFormat: { readonly name: string; readonly version?: string }
    readonly runtime: string
    readonly protocolVersion?: string
    readonly storageUri: string
    readonly args?: readonly string[]
    readonly env?: readonly EnvVar[]
    readonly resources?: Resources
    readonly readinessProbe?: Readonly<Record<string, unknown>>
    readonly volumeMounts?: readonly {
      readonly name: string
      readonly mountPath: string
      readonly readOnly?: boolean
      readonly subPath?: string
    }[]
  }
}

/** route.openshift.io/v1, as far as edge writes it. */
export interface Route extends KubernetesObject {
  readonly kind: 'Route'
  readonly spec: {
    readonly host: string
    readonly path?: string
    readonly to: RouteTarget
    readonly alternateBackends?: readonly RouteTarget[]
    readonly port: { readonly targetPort: number }
    readonly tls?: {
      readonly termination: 'edge' | 'reencrypt' | 'passthrough'
      readonly insecureEdgeTerminationPolicy: 'Redirect'
      readonly externalCertificate?: { readonly name: string }
    }
    readonly wildcardPolicy: 'None'
  }
}

export interface RouteTarget {
  readonly kind: 'Service'
  readonly name: string
  readonly weight: number
}

/** networking.k8s.io/v1, as far as edge writes it. (The client's type has `_from`; a policy that says so admits everyone.) */
export interface NetworkPolicy extends KubernetesObject {
  readonly kind: 'NetworkPolicy'
  readonly spec: {
    readonly podSelector: object
    readonly policyTypes: readonly ['Ingress']
    readonly ingress: readonly { readonly from: readonly object[] }[]
  }
}
