import type { Finding } from '../findings/finding.ts'
import type { ServingRuntime } from '../kubernetes/types.ts'
import { payloadLayout } from '../layout.ts'

/** Where MicroShift's RPMs put manifests, in a tree. */
export const manifestsDirectory = payloadLayout.manifests

/** What microshift-ai-model-serving brings to a device, as its two RPMs install it. facts/microshift.md, the payload. */
export interface Payload {
  /** The MicroShift release, for an embedded payload. */
  readonly release?: string
  /** How messages call it: `payload 4.20.0`, or the directory that was given. */
  readonly label: string
  /** The MicroShift release, where the tree tells: an embedded payload, or MicroShift's own release-info beside it. */
  readonly microshift?: string
  readonly releaseInfo: ReleaseInfo
  /** Where KServe's own manifests are; absent when the tree has none. */
  readonly kserve?: {
    /** The directory in `manifests.d` that MicroShift applies: ours sorts after it. */
    readonly manifestDirectory: string
    /** The directory with KServe's kustomization, as a path in the tree. */
    readonly directory: string
    /** All directories of `manifests.d`, sorted. */
    readonly neighbours: readonly string[]
    /** The tree: KServe's configuration is read from it for a spec that changes it (kserveConfig.ts). */
    readonly tree: Tree
  }
  readonly runtimes: readonly PayloadRuntime[]
}

export interface ReleaseInfo {
  /** Path in the tree. */
  readonly file: string
  /** sha256 of the file's bytes, in hexadecimal. */
  readonly sha256: string
  /** Version of OpenShift AI that the images are of: `2.22.1`. */
  readonly base: string
  /** Key (placeholder) → image reference. */
  readonly images: ReadonlyMap<string, string>
}

/** A ServingRuntime as a file holds it, with its place. */
export interface PayloadRuntime {
  readonly file: string
  /** Which YAML document of the file, from 0. */
  readonly document: number
  /** Where in the document: empty, or `/items/0` in a List. */
  readonly pointer: string
  readonly object: ServingRuntime
}

export interface ReadPayload {
  readonly payload?: Payload
  readonly findings: readonly Finding[]
}

/** The files of a tree, whoever reads them: paths are relative, with slashes. */
export interface Tree {
  /** How messages call the tree. */
  readonly label: string
  /** Files and directories in a directory, sorted by name; empty when it does not exist. */
  readonly list: (directory: string) => readonly { readonly name: string; readonly kind: 'file' | 'directory' }[]
  /** A file's text; undefined when it is none: too large, or not UTF-8. */
  readonly read: (path: string) => string | undefined
}
