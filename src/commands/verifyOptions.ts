import { createSecureContext } from 'node:tls'
import { deviceLayout } from '../layout.ts'
import { InputError } from '../errors.ts'
import { didYouMean } from '../findings/near.ts'
import { readText } from '../input/readText.ts'
import type { ProbesDocument } from '../probes/document.ts'
import type { FleetOptions } from '../verify/fleet.ts'
import { parseDuration } from '../verify/soak.ts'
import type { OutputOption } from './outputs.ts'

/** The options as they stand on the command line. */
export interface VerifyCommandOptions {
  readonly host?: string
  readonly inventory?: string
  readonly selector?: readonly string[]
  readonly concurrency: string
  readonly maxFailures?: string
  readonly resume?: string
  readonly scheme?: string
  readonly direct?: boolean
  readonly site?: string
  readonly model?: readonly string[]
  readonly timeout: string
  readonly wait: string
  readonly tokenFile?: string
  readonly insecure?: boolean
  readonly caFile?: string
  readonly soak?: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly outputs: readonly OutputOption[]
}

/** What the options say, checked. */
export type CheckedOptions = Pick<
  FleetOptions,
  | 'scheme'
  | 'direct'
  | 'models'
  | 'timeout'
  | 'wait'
  | 'token'
  | 'trust'
  | 'insecure'
  | 'concurrency'
  | 'maxFailures'
  | 'soak'
>

/**
 * Reads the options of `edge verify`.
 *
 * @throws InputError
 */
export const checkVerifyOptions = (options: VerifyCommandOptions, document: ProbesDocument): CheckedOptions => {
  if (options.inventory !== undefined) {
    for (const [name, value] of [
      ['--host', options.host],
      ['--site', options.site],
      ['--direct', options.direct],
      ['--kubeconfig', options.kubeconfig],
    ] as const)
      if (value !== undefined) throw new InputError(`give either --inventory or ${name}, not both`)
  } else
    for (const [name, value] of [
      ['--selector', options.selector],
      ['--resume', options.resume],
    ] as const)
      if (value !== undefined) throw new InputError(`${name} goes with --inventory`)
  if (
    options.kubeconfig !== undefined &&
    options.soak !== undefined &&
    options.host === undefined &&
    options.direct !== true
  )
    throw new InputError('--soak repeats what models are asked: with --kubeconfig it needs --host or --direct')
  if (options.context !== undefined && options.kubeconfig === undefined)
    throw new InputError('--context goes with --kubeconfig')
  const sites = Object.keys(document.sites)
  if (options.site !== undefined && options.site !== document.site && !Object.hasOwn(document.sites, options.site))
    throw new InputError(`the bundle has no site "${options.site}"`, {
      help: didYouMean(options.site, sites) ?? `sites: ${sites.slice(0, 20).join(', ') || 'none'}`,
    })
  const names = new Set([
    ...document.models.map(({ name }) => name),
    ...Object.values(document.sites).flatMap(({ models = {} }) => Object.keys(models)),
  ])
  for (const name of options.model ?? [])
    if (!names.has(name))
      throw new InputError(`the bundle has no model "${name}"`, {
        help: didYouMean(name, [...names]) ?? `models: ${[...names].slice(0, 20).join(', ') || 'none'}`,
      })
  if (options.scheme !== undefined && options.scheme !== 'http' && options.scheme !== 'https')
    throw new InputError(`--scheme is http or https, not ${options.scheme}`)
  const soak = options.soak === undefined ? undefined : parseDuration(options.soak)
  if (options.soak !== undefined && (soak === undefined || soak <= 0))
    throw new InputError(`--soak takes a duration such as 90s, 10m or 2h, not ${options.soak}`)
  const token = options.tokenFile === undefined ? undefined : readText(options.tokenFile).split(/\r?\n/)[0]
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new InputError(
      `${options.tokenFile ?? ''} holds no API key: its first line is empty, or more than printable ASCII`,
    )
  return {
    ...(options.scheme === undefined ? {} : { scheme: options.scheme }),
    direct: options.direct === true,
    ...(options.model === undefined ? {} : { models: options.model }),
    timeout: number('--timeout', options.timeout, 0.1),
    wait: number('--wait', options.wait, 0),
    ...(token === undefined ? {} : { token }),
    trust: createSecureContext(certificates(options)),
    insecure: options.insecure === true,
    concurrency: whole('--concurrency', options.concurrency, 1),
    maxFailures: options.maxFailures === undefined ? Infinity : whole('--max-failures', options.maxFailures, 1),
    ...(soak === undefined ? {} : { soak }),
  }
}

/** The CA of the option; on a device the router's own. */
const certificates = ({ caFile, insecure }: VerifyCommandOptions): { ca?: string | string[] } => {
  if (caFile === undefined) {
    // Nothing is looked up in them, and Node's own take 10 MB.
    if (insecure === true) return { ca: [] }
    try {
      return { ca: readText(deviceLayout.routerCa) }
    } catch {
      return {}
    }
  }
  const ca = readText(caFile)
  if (!ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new InputError(`${caFile} holds no certificate`, { help: 'give the CA of the router as PEM' })
  return { ca }
}

const number = (name: string, text: string, least: number): number => {
  if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(text) || Number(text) < least)
    throw new InputError(`${name} takes seconds, ${least} or more, not ${text}`)
  return Number(text)
}

const whole = (name: string, text: string, least: number): number => {
  if (!/^\d{1,7}$/.test(text) || Number(text) < least)
    throw new InputError(`${name} takes a whole number, ${least} or more, not ${text}`)
  return Number(text)
}
