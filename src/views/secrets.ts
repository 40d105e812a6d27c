import type { Plan, PlannedSecret } from '../plan/plan.ts'

/** Those of the plan's Secret keys that are the API key of a model, at whatever site: no client sends one with a line end. */
export const apiKeySecrets = ({ secrets, models, sites }: Plan): ReadonlySet<PlannedSecret> => {
  const wanted = [...models, ...sites.flatMap((site) => site.models)].flatMap(({ apiKeySecret }) => apiKeySecret ?? [])
  return new Set(secrets.filter(({ name, key }) => wanted.some((one) => one.name === name && one.key === key)))
}

/** A Secret that a device makes from files, or a person by the README's command. */
export interface MadeSecret {
  readonly name: string
  readonly type: string
  readonly parts: readonly PlannedSecret[]
}

/** The Secrets of a plan, each once, with its keys. */
export const madeSecrets = ({ secrets }: Pick<Plan, 'secrets'>): MadeSecret[] =>
  [...new Set(secrets.map(({ name }) => name))].map((name) => {
    const parts = secrets.filter((secret) => secret.name === name)
    return { name, type: secretType(parts.map(({ key }) => key)), parts }
  })

/** What the kubelet reads as credentials of a registry, and the router as a certificate, has a type of its own. */
const secretType = (keys: readonly string[]): string => {
  if (keys.includes('.dockerconfigjson')) return 'kubernetes.io/dockerconfigjson'
  return keys.includes('tls.crt') && keys.includes('tls.key') ? 'kubernetes.io/tls' : 'Opaque'
}
