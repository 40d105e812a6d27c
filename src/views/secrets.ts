import type { Plan, PlannedSecret } from '../plan/plan.ts'

/** Those of the plan's Secret keys that are the API key of a model, at whatever site: no client sends one with a line end. */
export const apiKeySecrets = ({ secrets, models, sites }: Plan): ReadonlySet<PlannedSecret> => {
  const wanted = [...models, ...sites.flatMap((site) => site.models)].flatMap(({ apiKeySecret }) => apiKeySecret ?? [])
  return new Set(secrets.filter(({ name, key }) => wanted.some((one) => one.name === name && one.key === key)))
}
