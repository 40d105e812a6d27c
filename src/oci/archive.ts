import type { Because } from '../findings/because.ts'
/** What skopeo calls the archives that an image can be taken from. */
export const archiveTransports = ['oci-archive', 'docker-archive'] as const
export type ArchiveTransport = (typeof archiveTransports)[number]

/** An image in an archive, as a source names it: `oci-archive:PATH`, `docker-archive:PATH:NAME`. */
export interface ArchiveName {
  readonly transport: ArchiveTransport
  readonly path: string
  /** Which image, where there are several. */
  readonly image?: string
}

/** An image in a file beside the spec. */
export interface ArchiveBesideSpec extends ArchivedImage {
  readonly transport: ArchiveTransport
  /** From the spec's directory. */
  readonly path: string
}

/** The files in an archive. */
export interface ArchiveFiles {
  readonly size: (name: string) => number | undefined
  /** Undefined when there is none, or when it is too large to be a manifest. */
  readonly read: (name: string) => Uint8Array | undefined
}

/** What an archive says of an image. */
export interface ArchivedImage {
  /** oci-archive: digest of its manifest. docker-archive: of its configuration, since the manifest is made when it is copied. */
  readonly digest: string
  /** How skopeo names it where there are several. */
  readonly image?: string
  /** `linux/amd64`; empty where nothing tells. */
  readonly platforms: readonly string[]
  readonly entrypoint: readonly string[]
}

/** Why an archive gives no image. */
export interface ArchiveProblem {
  readonly why: Because
  /** The images in it, where one is to be named. */
  readonly images?: readonly string[]
}

/** Takes a source apart; undefined when it is of another kind. */
export const parseArchiveName = (source: string): ArchiveName | undefined => {
  const [, scheme, path = '', image] = /^([a-z-]+):([^:]*)(?::([^]*))?$/.exec(source) ?? []
  const transport = archiveTransports.find((one) => one === scheme)
  return transport === undefined ? undefined : { transport, path, ...(image === undefined ? {} : { image }) }
}

/** An archive as skopeo takes it. */
export const formatArchiveName = ({ transport, path, image }: ArchiveName): string =>
  `${transport}:${path}${image === undefined ? '' : `:${image}`}`
