import type { ControllerImages } from '../images/ofObject.ts'
import type { ImageSources } from '../images/sources.ts'
import type { ApplyJsonPatch } from '../jsonPatch.ts'
import type { AvailableRuntime } from '../runtimes.ts'
import type { RouteContext } from './route.ts'

/** What a model is planned within. */
export interface ModelContext extends RouteContext {
  /** The payload's release base. */
  readonly base: string
  /** Absent when the payload cannot be read: the rest is checked all the same. */
  readonly runtimes?: readonly AvailableRuntime[]
  readonly sources: ImageSources
  readonly controllers: ControllerImages
  /** Files that the spec names for the bodies of probes, by the path that it gives. */
  readonly bodies: ReadonlyMap<string, Uint8Array>
  /** Absent when the spec has no patch. */
  readonly applyJsonPatch?: ApplyJsonPatch
}
