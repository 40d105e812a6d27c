import { type Finding, finding, helpOf, messageOf } from '../findings/finding.ts'
import type { Payload } from '../payload/payload.ts'
import { formatsOf, recommendedAccelerators, servedPort } from '../payload/servingRuntime.ts'
import { availableRuntimes, rewriteRuntime } from '../plan/runtimes.ts'
import { whyNeverUsed } from '../plan/model/selectRuntime.ts'

/** What a ServingRuntime can serve, for people who choose one. */
export interface RuntimeOverview {
  readonly name: string
  readonly displayName?: string
  /** Path in the payload. */
  readonly file: string
  readonly formats: readonly { readonly name: string; readonly version?: string; readonly autoSelect: boolean }[]
  /** Empty: any. */
  readonly protocolVersions: readonly string[]
  /** The port that a Route and a probe name. */
  readonly port: { readonly number: number; readonly name?: string; readonly container: string }
  /** Resource names that it recommends. */
  readonly accelerators: readonly string[]
  readonly images: readonly { readonly container: string; readonly placeholder: string; readonly reference?: string }[]
  readonly usable: boolean
  /** Why it cannot be used as it is. */
  readonly problems: readonly { readonly code: string; readonly message: string; readonly help?: string }[]
}

/** Describes each ServingRuntime of a payload, the ones that cannot be used included. */
export const describeRuntimes = (payload: Payload): RuntimeOverview[] => {
  const sources = {
    overrides: new Map<string, string>(),
    releaseInfo: payload.releaseInfo.images,
    releaseInfoFile: payload.releaseInfo.file,
    archives: new Map(),
  }
  return availableRuntimes(payload.runtimes, []).runtimes.map((runtime) => {
    const { object } = runtime
    const { metadata, spec } = object
    const { images, findings } = rewriteRuntime(runtime, sources)
    const never = whyNeverUsed(object)
    const problems = [
      ...findings.filter(({ severity }) => severity === 'error'),
      ...(never === undefined ? [] : [finding('runtime-unfit', { runtime: metadata.name, why: never })]),
    ]
    const { port, name, container } = servedPort(object)
    const displayName = metadata.annotations?.['openshift.io/display-name']
    return {
      name: metadata.name,
      ...(displayName === undefined ? {} : { displayName }),
      file: runtime.file,
      formats: formatsOf(object).map(({ name, version, autoSelect = false }) => ({
        name,
        ...(version === undefined ? {} : { version }),
        autoSelect,
      })),
      protocolVersions: spec.protocolVersions ?? [],
      port: { number: port, ...(name === undefined ? {} : { name }), container },
      accelerators: recommendedAccelerators(object),
      images: images.map(({ container, asked, image }) => ({
        container,
        placeholder: asked,
        ...(image === undefined ? {} : { reference: image.value }),
      })),
      usable: problems.length === 0,
      problems: problems.map(describe),
    }
  })
}

const describe = (found: Finding): RuntimeOverview['problems'][number] => {
  const help = helpOf(found)
  return { code: found.code, message: messageOf(found), ...(help === undefined ? {} : { help }) }
}
