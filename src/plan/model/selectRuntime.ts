import type { Candidate } from '../../findings/words.ts'
import type { ServingRuntime } from '../../kubernetes/types.ts'
import { formatLabel, formatsOf, recommendedAccelerators } from '../../payload/servingRuntime.ts'

export interface Wanted {
  readonly format: { readonly name: string; readonly version?: string }
  /** Resource name of the accelerator; absent for none. */
  readonly accelerator?: string
}

export type Selection =
  | { readonly kind: 'one'; readonly runtime: ServingRuntime }
  | { readonly kind: 'none'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'several'; readonly fitting: readonly string[]; readonly candidates: readonly Candidate[] }

/** Why KServe uses a runtime for no model at all; undefined when it may. */
export const whyNeverUsed = ({ spec }: ServingRuntime): string | undefined => {
  if (spec.disabled === true) return 'it is disabled'
  if (spec.multiModel === true) return 'it is for ModelMesh (multiModel), which MicroShift does not have'
  return undefined
}

/**
 * Why a runtime cannot serve a format, whoever names it; undefined when it can. Names and versions compare exactly, a
 * format without a version fits every version. Source: KServe's `RuntimeSupportsModel` and its webhook for an explicit
 * runtime; facts/kserve.md, how a runtime is chosen.
 */
export const whyUnfit = (runtime: ServingRuntime, { name, version }: Wanted['format']): string | undefined => {
  const never = whyNeverUsed(runtime)
  if (never !== undefined) return never
  const named = formatsOf(runtime).filter((format) => format.name === name)
  if (named.length === 0) return `it serves ${formatsOf(runtime).map(formatLabel).join(', ') || 'no format'}`
  if (version !== undefined && !named.some((format) => format.version === version)) {
    return `of ${name} it serves ${named.map((format) => (format.version === undefined ? 'no particular version' : `version ${format.version}`)).join(' and ')}`
  }
  return undefined
}

/**
 * Chooses the ServingRuntime for a model that names none: those that fit the format; a named accelerator keeps those
 * that recommend it; if several are left, those with autoSelect; exactly one must remain. autoSelect is only this
 * tie-break, since the manifest always names the runtime. Source: facts/kserve.md, the rule of edge.
 *
 * @param runtimes - all there are
 * @param wanted - the model's format and accelerator
 */
export const selectRuntime = (runtimes: readonly ServingRuntime[], wanted: Wanted): Selection => {
  const judged = runtimes.map((runtime) => ({
    runtime,
    name: runtime.metadata.name,
    why: whyUnfit(runtime, wanted.format) ?? whyNotAccelerated(runtime, wanted.accelerator),
  }))
  const fitting = judged.filter(({ why }) => why === undefined)
  const automatic =
    fitting.length > 1 ? fitting.filter(({ runtime }) => selectsItself(runtime, wanted.format)) : fitting
  const [chosen] = automatic
  if (chosen !== undefined && automatic.length === 1) return { kind: 'one', runtime: chosen.runtime }

  const left = automatic.length === 0 ? fitting : automatic
  const candidates = judged.map(({ runtime, name, why }) => ({
    runtime: name,
    why:
      why ??
      (left.some((other) => other.runtime === runtime)
        ? `fits${recommends(runtime)}`
        : 'fits, but has no autoSelect for this format'),
  }))
  return fitting.length === 0
    ? { kind: 'none', candidates }
    : { kind: 'several', fitting: left.map(({ name }) => name), candidates }
}

const whyNotAccelerated = (runtime: ServingRuntime, accelerator: string | undefined): string | undefined =>
  accelerator === undefined || recommendedAccelerators(runtime).includes(accelerator)
    ? undefined
    : `it fits the format, and recommends ${recommendedAccelerators(runtime).join(', ') || 'no accelerator (name it with runtime:)'}`

const recommends = (runtime: ServingRuntime): string => {
  const list = recommendedAccelerators(runtime)
  return list.length === 0 ? '' : `, recommends ${list.join(', ')}`
}

const selectsItself = (runtime: ServingRuntime, { name, version }: Wanted['format']): boolean =>
  formatsOf(runtime).some(
    (format) =>
      format.autoSelect === true && format.name === name && (version === undefined || format.version === version),
  )
