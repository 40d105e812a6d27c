/**
 * The front door for programs: what the command does, without its texts and exit status. Names here are fixed, and only get added;
 * their types are written out, so that nobody depends on what a plan is made of.
 */
import { createSecureContext } from 'node:tls'
import { sealedFiles } from './bundle/assemble.ts'
import { bundleManifest } from './bundle/describe.ts'
import { readProbes } from './bundle/probes.ts'
import { InputError } from './errors.ts'
import { hasErrors } from './findings/finding.ts'
import { didYouMean } from './findings/near.ts'
import { load, type Loaded } from './input/load.ts'
import { toolVersion } from './packaged.ts'
import type { Plan } from './plan/plan.ts'
import { render as renderPlan } from './render/render.ts'
import { locateFindings } from './report/located.ts'
import { podAddress } from './tools/oc.ts'
import { siteModels } from './verify/askDevice.ts'
import { askFleet } from './verify/fleet.ts'
import type { CheckResult, Device, DeviceResult } from './verify/result.ts'

export type { CheckFailure, CheckResult, Device, DeviceResult, Latency } from './verify/result.ts'

/** What a plan is made from; paths are relative to the working directory. */
export interface PlanOptions {
  /** A spec file. Files that it names are beside it, and so is its lock. */
  readonly file?: string
  /** Instead of a file, a spec that ships with the package, by its name. */
  readonly example?: string
  /** A tree as the RPMs install it, or an embedded release; wins over the spec. */
  readonly payload?: string
  /** This site alone, its values in place of overlays. */
  readonly site?: string
}

/** One problem of a spec, a payload or a lock. */
export interface Finding {
  /** Its kind: a name that stays. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string
  /** What to do about it. */
  readonly help?: string
  readonly file?: string
  /** From 1. */
  readonly line?: number
  /** From 1, in characters. */
  readonly column?: number
  /** A JSON pointer into the file. */
  readonly pointer?: string
}

/** All decisions about a bundle. `render` writes them down; the rest of it is nobody's business. */
export interface BundlePlan {
  readonly name: string
  readonly namespace: string
  /** Names of the models that every device has, in the order of the spec. */
  readonly models: readonly string[]
  /** Names of the sites. */
  readonly sites: readonly string[]
  /** Every image that a device needs, with what for. */
  readonly images: readonly { readonly reference: string; readonly why: readonly string[] }[]
}

export interface Planned {
  /** Absent when an error was found. */
  readonly plan?: BundlePlan
  readonly findings: readonly Finding[]
}

/** A file of a bundle. */
export interface BundleFile {
  /** Relative to the bundle, with slashes. */
  readonly path: string
  readonly content: string | Uint8Array
  /** Whether it is to be run. */
  readonly executable?: boolean
}

const insides = new WeakMap<BundlePlan, { readonly plan: Plan; readonly linesOf: Loaded['linesOf'] }>()

/**
 * Reads a spec with everything that belongs to it, and decides.
 *
 * @returns the plan, and what is wrong or doubtful; without a plan when there are errors
 * @throws an Error with `name` "InputError" or "EnvironmentError", and often `help`, for a file that cannot be read and options that
 *   make no sense
 */
export const plan = async ({ file, example, payload, site }: PlanOptions): Promise<Planned> => {
  const loaded = await load({
    ...(file === undefined ? {} : { filename: file }),
    ...(example === undefined ? {} : { example }),
    ...(payload === undefined ? {} : { payload }),
    ...(site === undefined ? {} : { site }),
  })
  const findings = locateFindings(loaded.findings, loaded.documents).map(({ source: _, ...found }): Finding => found)
  if (loaded.plan === undefined || hasErrors(loaded.findings)) return { findings }
  const { name, namespace, models, sites, images } = loaded.plan
  const made: BundlePlan = {
    name,
    namespace,
    models: models.map((model) => model.name),
    sites: sites.map((one) => one.name),
    images: images.map(({ reference, why }) => ({ reference, why })),
  }
  insides.set(made, { plan: loaded.plan, linesOf: loaded.linesOf })
  return { plan: made, findings }
}

/**
 * Renders a bundle file by file, bundle.json last: the same bytes as `edge generate` writes.
 *
 * @param of - what `plan` gave
 */
export const render = (of: BundlePlan): Iterable<BundleFile> => {
  const inside = insides.get(of)
  if (inside === undefined) throw new TypeError('render takes the plan that plan() gave, not a copy of it')
  const { plan: planned, linesOf } = inside
  return sealedFiles({
    files: () => renderPlan(planned, toolVersion),
    describe: (hashes) => bundleManifest(planned, hashes, { toolVersion, linesOf }),
  })
}

/** How devices are asked. */
export interface VerifyOptions {
  /** What to ask: addresses or names, IPv6 in brackets, with a port where it is not the scheme's own. */
  readonly devices: Iterable<Pick<Device, 'host'> & Partial<Device>>
  /** These models alone. */
  readonly models?: readonly string[]
  /** Otherwise what each Route speaks. */
  readonly scheme?: 'http' | 'https'
  /** Only on the device itself: past the router, to the pods. */
  readonly direct?: boolean
  /** Seconds for an attempt: 10. */
  readonly timeout?: number
  /** Seconds that models may take until they are ready: none. */
  readonly wait?: number
  /** The API key, for models that want one. */
  readonly token?: string
  /** The CA of the router's certificate, as PEM. */
  readonly ca?: string
  /** Take any certificate. */
  readonly insecure?: boolean
  /** Devices that are asked at once: 64. */
  readonly concurrency?: number
  /** Ask no more devices when that many are not good. */
  readonly maxFailures?: number
  readonly signal?: AbortSignal
  readonly onCheck?: (device: Device, result: CheckResult) => void
}

/**
 * Asks the models of devices what is known of them, and gives each device's results as they are complete.
 *
 * @param bundle - directory of a bundle
 * @throws an Error with `name` "InputError" or "EnvironmentError" for a bundle that cannot be read, and for names that it does not have
 */
export async function* verify(bundle: string, options: VerifyOptions): AsyncGenerator<DeviceResult, void, undefined> {
  const { document, bodyOf } = readProbes(bundle)
  const { models, scheme, token, ca, insecure = false, signal = new AbortController().signal, onCheck } = options
  const known = new Set([
    ...document.models.map(({ name }) => name),
    ...Object.values(document.sites).flatMap((site) => Object.keys(site.models ?? {})),
  ])
  for (const name of models ?? [])
    if (!known.has(name))
      throw new InputError(`the bundle has no model "${name}"`, {
        help: didYouMean(name, [...known]) ?? `models: ${[...known].slice(0, 20).join(', ')}`,
      })
  yield* askFleet(
    devicesOf(options.devices, (site) => site === document.site || Object.hasOwn(document.sites, site)),
    {
      document,
      bodyOf,
      podAddress,
      modelsAt: siteModels({ document, ...(models === undefined ? {} : { models }) }),
      ...(models === undefined ? {} : { models }),
      ...(scheme === undefined ? {} : { scheme }),
      ...(token === undefined ? {} : { token }),
      direct: options.direct ?? false,
      timeout: options.timeout ?? 10,
      wait: options.wait ?? 0,
      trust: createSecureContext(ca === undefined ? (insecure ? { ca: [] } : {}) : { ca }),
      insecure,
      concurrency: options.concurrency ?? 64,
      maxFailures: options.maxFailures ?? Infinity,
      mustAsk: true,
      onCheck: (device, result) => onCheck?.(device, result),
      onWait: () => undefined,
    },
    signal,
  )
}

/** Devices with their labels, whose sites the bundle has. */
function* devicesOf(devices: VerifyOptions['devices'], isSite: (name: string) => boolean): Iterable<Device> {
  for (const device of devices) {
    if (device.site !== undefined && !isSite(device.site))
      throw new InputError(`the bundle has no site "${device.site}", at which ${device.host} is said to be`)
    yield { ...device, labels: device.labels ?? {} }
  }
}
