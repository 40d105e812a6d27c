import type { SecureContext } from 'node:tls'
import { modelsOf, type HostedModel, type ProbesDocument } from '../probes/document.ts'
import type { PodAddress } from '../tools/oc.ts'
import { askModel, type Asking } from './askModel.ts'
import { parseAddress } from './address.ts'
import { makeClient } from './client.ts'
import { maskResult, secretsOfHeaders } from './mask.ts'
import type { CheckResult, Device } from './result.ts'

/** What all devices are asked with. */
export interface VerifyOptions {
  readonly document: ProbesDocument
  readonly bodyOf: Asking['bodyOf']
  readonly scheme?: 'http' | 'https'
  readonly direct: boolean
  /** These models alone; all when left out. */
  readonly models?: readonly string[]
  /** Seconds for an attempt. */
  readonly timeout: number
  /** Seconds that models may take until they are ready. */
  readonly wait: number
  readonly token?: string
  readonly trust: SecureContext
  readonly insecure: boolean
  /** Address of a model's pod, or why there is none. */
  readonly podAddress: (namespace: string, model: string) => Promise<PodAddress>
}

/** The models of sites, each site's once: a fleet has few sites and many devices. */
export const siteModels = ({
  document,
  models: only,
}: Pick<VerifyOptions, 'document' | 'models'>): ((site: string | undefined) => readonly HostedModel[]) => {
  const known = new Map<string | undefined, readonly HostedModel[]>()
  return (site) => {
    let models = known.get(site)
    if (models === undefined) {
      models = modelsOf(document, site === document.site ? undefined : site).filter(
        ({ name }) => only === undefined || only.includes(name),
      )
      // Sites without number are not kept.
      if (known.size < 1000) known.set(site, models)
    }
    return models
  }
}

/** Asks all models of a device, one after the other. */
export async function* askDevice(
  { host }: Device,
  models: readonly HostedModel[],
  options: VerifyOptions,
  onWait: Asking['onWait'],
  signal: AbortSignal,
): AsyncGenerator<CheckResult> {
  const { document, direct, timeout } = options
  const { address, port } = parseAddress(host)
  const client = makeClient(document.largestAnswer)
  const deadline = performance.now() + options.wait * 1000
  try {
    for (const model of models) {
      const ask: Asking['ask'] = async (request) => {
        if (direct) {
          const pod = await options.podAddress(document.namespace, model.name)
          if ('nobody' in pod) return pod
          const target = {
            scheme: model.scheme,
            address: pod.address,
            port: model.port,
            host: pod.address.includes(':') ? `[${pod.address}]` : pod.address,
            insecure: true,
            trust: options.trust,
          }
          return {
            ...(await client.ask(target, request, timeout, signal)),
            url: `${target.scheme}://${target.host}:${target.port}${request.path}`,
          }
        }
        const scheme = options.scheme ?? model.route?.scheme ?? 'https'
        const target = {
          scheme,
          address,
          port: port ?? (scheme === 'https' ? 443 : 80),
          host: model.host ?? '',
          insecure: options.insecure,
          trust: options.trust,
        }
        return {
          ...(await client.ask(target, request, timeout, signal)),
          url: `${scheme}://${target.host}${request.path}`,
        }
      }
      const secrets = [
        ...(options.token === undefined ? [] : [options.token]),
        ...model.probes.flatMap(({ headers }) => secretsOfHeaders(headers)),
      ]
      const checks = askModel(model, {
        document,
        bodyOf: options.bodyOf,
        direct,
        deadline,
        ask,
        onWait,
        signal,
        ...(options.token === undefined ? {} : { token: options.token }),
      })
      for await (const check of checks) yield maskResult(check, secrets)
      if (signal.aborted) return
    }
  } finally {
    client.close()
  }
}
