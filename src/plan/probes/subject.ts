import type { Server } from '../../servers/recognise.ts'

/** What the probes of a model follow from. */
export interface ProbeSubject {
  readonly name: string
  readonly servedName: string
  readonly server: Server
  /** Where the model is in the spec. */
  readonly pointer: string
  /** Files that the spec names for bodies, by the path that it gives; those that cannot be read are missing. */
  readonly files: ReadonlyMap<string, Uint8Array>
}
