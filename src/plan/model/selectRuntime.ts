import { type Because, because } from '../../findings/because.ts'
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
export const whyNeverUsed = ({ spec }: ServingRuntime): Because | undefined => {
  if (spec.disabled === true) return because('runtime-disabled')
  if (spec.multiModel === true) return because('runtime-modelmesh')
  return undefined
}

/**
 * Why a runtime cannot serve a format, whoever names it; undefined when it can. Names and versions compare exactly, a
 * format without a version fits every version. Source: KServe's `RuntimeSupportsModel` and its webhook for an explicit
 * runtime; facts/kserve.md, how a runtime is chosen.
 */
export const whyUnfit = (runtime: ServingRuntime, { name, version }: Wanted['format']): Because | undefined => {
  const never = whyNeverUsed(runtime)
  if (never !== undefined) return never
  const named = formatsOf(runtime).filter((format) => format.name === name)
  if (named.length === 0) return because('runtime-formats', { formats: formatsOf(runtime).map(formatLabel) })
  if (version !== undefined && !named.some((format) => format.version === version)) {
    return because('runtime-versions', { format: name, versions: named.map((format) => format.version) })
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
        ? because('runtime-fits', { accelerators: recommendedAccelerators(runtime) })
        : because('runtime-not-automatic')),
  }))
  return fitting.length === 0
    ? { kind: 'none', candidates }
    : { kind: 'several', fitting: left.map(({ name }) => name), candidates }
}

const whyNotAccelerated = (runtime: ServingRuntime, accelerator: string | undefined): Because | undefined =>
  accelerator === undefined || recommendedAccelerators(runtime).includes(accelerator)
    ? undefined
    : because('runtime-recommends', { accelerators: recommendedAccelerators(runtime) })

const selectsItself = (runtime: ServingRuntime, { name, version }: Wanted['format']): boolean =>
  formatsOf(runtime).some(
    (format) =>
      format.autoSelect === true && format.name === name && (version === undefined || format.version === version),
  )
