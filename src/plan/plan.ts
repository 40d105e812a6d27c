import type { InferenceService, ServingRuntime, Toleration } from '../kubernetes/types.ts'
import type { ArchiveTransport } from '../oci/archive.ts'
import type { LockedImage } from '../oci/lock.ts'
import type { LockedImages, OtherImages } from './images/images.ts'
import type { Body, Probe } from '../probes/probe.ts'
import type { TlsMode } from '../spec/schema.ts'

/**
 * Everything decided, once. Renderers write it down; nothing after it asks the spec or the payload again. Immutable.
 */
export interface Plan {
  /** metadata.name: names the manifest directories. */
  readonly name: string
  readonly namespace: string
  readonly baseDomain: string
  readonly specSha256: string
  /** Fields that the spec gives, with their places: all else is a default. */
  readonly given: Given
  readonly payload: PlannedPayload
  /** The ServingRuntimes in use, rewritten for the workload's namespace, by name. */
  readonly runtimes: readonly PlannedRuntime[]
  /** Those that only sites use. */
  readonly siteRuntimes: readonly PlannedRuntime[]
  /** In the order of the spec. */
  readonly models: readonly PlannedModel[]
  /** In the order of the spec. */
  readonly endpoints: readonly PlannedEndpoint[]
  readonly secrets: readonly PlannedSecret[]
  /** Manifests of the user's own, as they are, in a directory that is applied before the models. */
  readonly extraManifests?: PlannedManifests
  /** KServe's configuration with the spec's changes, in a directory that is applied right after KServe's own. */
  readonly kserveConfig?: PlannedKserveConfig
  /** What differs from place to place, sparsely; `resolveSite` makes a whole plan of it. */
  readonly sites: readonly PlannedSite[]
  /** The site that this plan was resolved for. */
  readonly site?: string
  readonly otherImages: OtherImages
  /** What `edge lock` found out about images; absent without a lock. */
  readonly locked?: LockedImages
  /** Registries and repositories that devices and builds find elsewhere. */
  readonly mirrors: readonly PlannedMirror[]
  /** The image build. */
  readonly bootc: PlannedBootc
  /** Every image that a device needs, each once: what changes least first (KServe, runtimes, models, extra); those of sites too. */
  readonly images: readonly PlannedImage[]
}

/** Field → JSON pointer into the spec. */
export type Given = Readonly<Record<string, string>>

export interface PlannedPayload {
  readonly release?: string
  readonly base: string
  readonly releaseInfoSha256: string
}

export interface PlannedRuntime {
  readonly name: string
  /** Where it comes from: a path in the payload, or a file beside the spec. */
  readonly from: string
  /** Whether it is the user's own. */
  readonly own: boolean
  readonly object: ServingRuntime
  readonly images: readonly PlannedRuntimeImage[]
}

/** An image of a ServingRuntime, and where its reference comes from. */
export interface PlannedRuntimeImage {
  readonly container: string
  /** What the runtime asked for: a placeholder, or a reference. */
  readonly asked: string
  readonly reference?: string
  /** What the lock put a digest in the place of. */
  readonly locked?: string
  /** The spec's replacement, as a JSON pointer. */
  readonly pointer?: string
  /** The release-info, as a path in the payload. */
  readonly file?: string
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
  /** Fields that the spec gives for it, with their places: all else is a default. */
  readonly given: Given
  readonly format: { readonly name: string; readonly version?: string }
  /** Name of the ServingRuntime. */
  readonly runtime: string
  /** `oci://REFERENCE`. */
  readonly storageUri: string
  /** The reference that the lock put a digest in the place of. */
  readonly lockedSource?: string
  /** The file that the image is taken from; absent where a registry has it. */
  readonly archive?: PlannedArchive
  /** The InferenceService, the user's JSON patch applied. */
  readonly object: InferenceService
  /** Name of the Deployment, the Service and the Route, which KServe derives. */
  readonly predictor: string
  /** Container port: the Service is headless, so a Route and a probe on the device name it. */
  readonly port: number
  /** The name that clients send. */
  readonly servedName: string
  /** The Secret with the server's API key. */
  readonly apiKeySecret?: { readonly name: string; readonly key: string }
  /** What proves that it serves. */
  readonly probes: PlannedProbes
  /** Absent with `expose: false`. */
  readonly route?: PlannedRoute
}

/** What is asked of a model, in its order. */
export interface PlannedProbes {
  /** Which ModelServer it is, by its id. */
  readonly server: string
  /** How the pod itself is spoken to. */
  readonly scheme: 'http' | 'https'
  readonly probes: readonly Probe[]
  readonly bodies: readonly Body[]
}

export interface PlannedRoute {
  readonly name: string
  readonly host: string
  /** First label of a host that follows the base domain; absent where the spec gives the host. */
  readonly hostLabel?: string
  readonly path?: string
  readonly tls: TlsMode
  /** A TLS Secret of the namespace, which the router is allowed to read. */
  readonly certificateSecret?: string
  readonly annotations: Readonly<Record<string, string>>
  /** The pods' port: the Services are headless. */
  readonly targetPort: number
  /** Services and their weights; the first is the Route's `to`. */
  readonly backends: readonly { readonly service: string; readonly weight: number }[]
}

/** What a site changes. */
export interface PlannedSite {
  readonly name: string
  readonly baseDomain?: string
  /** Models that differ, or that only this site has. */
  readonly models: readonly PlannedModel[]
  /** Endpoints in front of models that differ. */
  readonly endpoints: readonly PlannedEndpoint[]
  /** Names of models that this site does not have. */
  readonly dropped: readonly string[]
}

export interface PlannedManifests {
  /** Paths relative to the directory, and texts. */
  readonly files: readonly { readonly path: string; readonly text: string }[]
  /** What the kustomization lists: files, and folders that have a kustomization of their own. */
  readonly resources: readonly string[]
}

/** The ConfigMap inferenceservice-config, whole. */
export interface PlannedKserveConfig {
  /** Name of its directory in `manifests.d`. */
  readonly directory: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Key → JSON, as text. */
  readonly data: Readonly<Record<string, string>>
}

/** A stable name in front of models. */
export interface PlannedEndpoint {
  readonly name: string
  /** The name that clients send. */
  readonly servedName: string
  readonly models: readonly string[]
  readonly route: PlannedRoute
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

/** A Secret that the device makes from a file of its own: nothing of its content is in a bundle. */
export interface PlannedSecret {
  readonly name: string
  readonly key: string
  readonly deviceFile: string
}

/** Where a registry or a repository is found. */
export interface PlannedMirror {
  /** Registry, or registry and repository. */
  readonly prefix: string
  readonly location: string
}

/** The image build, as decided; which images it embeds says `embeddedImages` (embed.ts). */
export interface PlannedBootc {
  /** Base image. */
  readonly from: string
  /** Whether MicroShift's RPMs are installed; else the base has them. */
  readonly install: boolean
  /** The release that RPMs are pinned to; absent where the payload does not tell. */
  readonly release?: string
  /** More RPMs. */
  readonly packages: readonly string[]
  readonly embed: { readonly core: boolean; readonly runtimes: boolean; readonly models: boolean }
  readonly greenboot: boolean
  readonly sites: PlannedBootcSites
  /** What the release-info in the image must say, and where it is, as a path on the device without its first slash. */
  readonly releaseInfo: {
    readonly file: string
    readonly base: string
    readonly images: Readonly<Record<string, string>>
  }
}

/** Which of base and sites an image carries: the base, one site, or all of them, of which the device picks its own. */
export type PlannedBootcSites =
  | { readonly mode: 'none' }
  | { readonly mode: 'one'; readonly site: string }
  | { readonly mode: 'all'; readonly fallback: string }

/** A file beside the spec that an image is taken from: no registry has it. */
export interface PlannedArchive {
  readonly transport: ArchiveTransport
  /** From the spec's directory. */
  readonly archive: string
  /** Which image of it, where it holds several. */
  readonly image?: string
}

export interface PlannedImage {
  /** As the manifests on the device ask for it. */
  readonly reference: string
  readonly digest?: string
  /** What a registry is asked for: by digest where it is known, by spec, payload or lock. */
  readonly pull: string
  /** What the lock says of it. */
  readonly locked?: LockedImage
  /** Absent where a registry has it. */
  readonly pullFrom?: PlannedArchive
  /** Why the device needs it: `model granite`, `runtime kserve-ovms (kserve-container)`. */
  readonly why: readonly string[]
}
