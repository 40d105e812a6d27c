import { createHash } from 'node:crypto'
import { configMapName } from '../../payload/kserveConfig.ts'
import type { EmbeddedImage } from '../../plan/embed.ts'
import type { Plan, PlannedModel, PlannedRuntime } from '../../plan/plan.ts'
import { resolveSite } from '../../plan/resolveSite.ts'
import { workloadDirectory } from '../manifests.ts'

/** Which of base and sites the device has. */
interface DeviceSites {
  readonly mode: 'none' | 'one' | 'all'
  readonly names: readonly string[]
  readonly fallback: string
}

/** `/usr/lib/edge/device.json`: what the scripts on the device work from. They are the same in every bundle. */
export const deviceData = (plan: Plan, images: readonly EmbeddedImage[]) => ({
  apiVersion: 'edge.microshift.dev/v1alpha1',
  kind: 'Device',
  name: plan.name,
  namespace: plan.namespace,
  images: images.map(({ reference, directory, why }) => ({ reference, directory, why })),
  secrets: plan.secrets.map(({ name, key, deviceFile }) => ({ name, key, deviceFile })),
  apiKeys: apiKeys(plan),
  sites: sitesOf(plan),
  directory: workloadDirectory(plan).replace(/^.*\//, ''),
  expected: expected(plan),
  ...(plan.kserveConfig === undefined
    ? {}
    : { kserveConfig: { namespace: plan.kserveConfig.namespace, name: configMapName, data: Object.fromEntries(Object.entries(plan.kserveConfig.data).map(([key, text]) => [key, createHash('sha256').update(text).digest('hex')])) } }),
})

const sitesOf = ({ bootc: { sites }, sites: all }: Plan): DeviceSites => {
  if (sites.mode === 'none') return { mode: 'none', names: [], fallback: 'base' }
  if (sites.mode === 'one') return { mode: 'one', names: [sites.site], fallback: sites.site }
  return { mode: 'all', names: all.map(({ name }) => name), fallback: sites.fallback }
}

/** Models whose server asks for a key that the device has as a file. */
const apiKeys = ({ models, sites, secrets }: Plan): { model: string; deviceFile: string }[] => {
  const all = new Map([...sites.flatMap((site) => site.models), ...models].map((model) => [model.name, model]))
  return [...all.values()].flatMap(({ name, apiKeySecret }) => {
    const secret = secrets.find((one) => one.name === apiKeySecret?.name && one.key === apiKeySecret.key)
    return secret === undefined ? [] : [{ model: name, deviceFile: secret.deviceFile }]
  })
}

/** What is live once the bundle is applied: that of the base (the empty name), and that of sites which differ from it. */
const expected = (plan: Plan): Record<string, object> => {
  const base = live(plan)
  const { sites } = plan.bootc
  if (sites.mode === 'none') return { '': base }
  const resolved = plan.sites.filter(({ name }) => sites.mode === 'all' || name === sites.site).map((site) => [site.name, live(resolveSite(plan, site))] as const)
  return Object.fromEntries([['', base], ...resolved.filter(([, one]) => sites.mode === 'one' || JSON.stringify(one) !== JSON.stringify(base))])
}

const live = ({ models, runtimes }: { readonly models: readonly PlannedModel[]; readonly runtimes: readonly PlannedRuntime[] }) => ({
  inferenceServices: models.map(({ name, storageUri }) => ({ name, storageUri })),
  servingRuntimes: runtimes.map(({ name, object }) => ({ name, images: object.spec.containers.map(({ name: container, image }) => ({ container, image })) })),
  deployments: models.map(({ predictor }) => predictor),
})
