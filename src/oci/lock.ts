/** Name of the lock, a file beside the spec. */
export const lockName = 'edge.lock.yaml'

/** The one platform of MicroShift with AI model serving: facts of the release, which is x86_64 alone. */
export const lockPlatform = { os: 'linux', architecture: 'amd64' } as const

/** What a registry said when `edge lock` asked: which bytes stand behind each reference. */
export interface Lock {
  /** Sorted by reference, each once. */
  readonly images: readonly LockedImage[]
  /** A part of the file could not be used: what is missing here may be there. */
  readonly damaged?: true
}

/** An image as a registry has it. Sizes are bytes. */
export interface LockedImage {
  /** As the spec or the payload asks for it. */
  readonly reference: string
  /** Digest of the manifest that the reference names: what is pulled. */
  readonly digest: string
  /** Whether that manifest is an image, or an index of images for several architectures. */
  readonly type: 'image' | 'index'
  /** Of an index: digest of its image for the platform. */
  readonly image?: string
  /** Of an index: the architectures that it has, sorted. */
  readonly architectures?: readonly string[]
  /** What the registry sends for the platform: the manifest, that of the index, the configuration, each layer once; compressed as they are stored. */
  readonly size: number
  /** Of an index: what it sends for all architectures, as `skopeo copy --all` asks. */
  readonly allSize?: number
  /** The layers unpacked: only where the registry tells it of each of them, which it does of layers that are not compressed and of eStargz. */
  readonly unpacked?: number
  /** Of a ModelCar: its ENTRYPOINT, when it has one. */
  readonly entrypoint?: readonly string[]
  /** In their order, the base first. */
  readonly layers: readonly LockedLayer[]
}

export interface LockedLayer {
  readonly digest: string
  /** As stored: compressed, as a rule. */
  readonly size: number
}
