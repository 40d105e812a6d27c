import type { InferenceService, ServingRuntime } from '../kubernetes/types.ts'
import type { ArchiveTransport } from '../oci/archive.ts'
import type { LockedImage } from '../oci/lock.ts'
import type { Body, Probe } from '../probes/probe.ts'
import type { TlsMode } from '../spec/schema.ts'
import type { ModelFacts } from '../workloads/workload.ts'
import type { Decision } from './decision.ts'
import type { LockedImages } from './images/sources.ts'

/**
 * Everything decided, once. Renderers write it down; nothing after it asks the spec or the payload again. Immutable.
 */
export interface Plan {
  /** metadata.name: names the manifest directories. */
  readonly name: string
  readonly namespace: string
  readonly baseDomain: Decision<string>
  readonly specSha256: string
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

/** An image of a ServingRuntime, and why it is that one. */
export interface PlannedRuntimeImage {
  /** The container, or the volume. */
  readonly container: string
  readonly image: Decision<string>
}

export interface PlannedModel {
  readonly name: string
  readonly decisions: ModelDecisions
  /** The InferenceService, the user's JSON patch applied. */
  readonly object: InferenceService
  /** What is so, read from the object and its ServingRuntime: what others than the plan ask for. */
  readonly facts: Pick<ModelFacts, 'runtime' | 'source' | 'port' | 'replicas'>
  /** What the device pulls for it: its ModelCar first, then what a patch or a controller adds. */
  readonly images: readonly WantedImage[]
  /** Name of the Deployment, the Service and the Route, which KServe derives. */
  readonly predictor: string
  /** The name that clients send. */
  readonly servedName: string
  /** The Secret with the server's API key. */
  readonly apiKeySecret?: { readonly name: string; readonly key: string }
  /** What proves that it serves. */
  readonly probes: PlannedProbes
  /** Absent with `expose: false`. */
  readonly route?: PlannedRoute
}

/** What was decided about a model, as it came out: after its patch, and at its site. */
export interface ModelDecisions {
  readonly runtime: Decision<string>
  /** `oci://REFERENCE`. */
  readonly source: Decision<string>
  readonly port: Decision<number>
  /** Absent where the runtime takes KServe's default. */
  readonly protocolVersion?: Decision<string>
  readonly servedName: Decision<string>
  /** Undefined: KServe's own, which asks whether the port is open. */
  readonly readiness: Decision<Readonly<Record<string, unknown>> | undefined>
  readonly replicas: Decision<{ readonly min: number; readonly max: number }>
  readonly autoscalerClass: Decision<string>
  readonly strategy: Decision<string>
  /** Where `expose: false` comes from, for a model without a Route. */
  readonly unexposed?: Decision<false>
  /** One for each probe, in their order. */
  readonly probes: readonly Decision<Probe>[]
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
  readonly host: Decision<string>
  /** First label of a host that follows the base domain; absent where the spec gives the host. */
  readonly hostLabel?: string
  readonly path?: Decision<string>
  readonly tls: Decision<TlsMode>
  /** A TLS Secret of the namespace, which the router is allowed to read. */
  readonly certificateSecret?: string
  /** How long the router waits for an answer; its own 30 s when absent. */
  readonly timeout?: Decision<string>
  /** Networks that may call; all when absent. */
  readonly allowFrom?: Decision<readonly string[]>
  /** The pods' port: the Services are headless. */
  readonly targetPort: number
  /** Services and their weights; the first is the Route's `to`. */
  readonly backends: readonly { readonly service: string; readonly weight: number }[]
}

/** What a site changes. */
export interface PlannedSite {
  readonly name: string
  readonly baseDomain?: Decision<string>
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
  /** A namespace that the directory makes, since its objects live there and a later directory would make it too late. */
  readonly namespace?: string
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

/** What a device needs images for, beside the models and their runtimes. */
export interface OtherImages {
  /** KServe's controller: the one image of KServe's that runs. facts/kserve.md, which images. */
  readonly controller?: string
  /** The rest of KServe's, with `embed: {kserve: all}`. */
  readonly kserve: readonly WantedImage[]
  /** Those of the user's own manifests, and spec.extraImages. */
  readonly extra: readonly WantedImage[]
}

/** An image that something asks for. */
export interface WantedImage {
  readonly reference: string
  readonly why: string
  /** Absent where a registry has it. */
  readonly pullFrom?: PlannedArchive
  /** Place in the spec, of those that stand there. */
  readonly pointer?: string
}
