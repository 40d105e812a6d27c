import { createHash } from 'node:crypto'
import { configMapName } from '../../kubernetes/names.ts'
import type { InferenceService } from '../../kubernetes/types.ts'
import { type EmbeddedImage, modelsOfBuild } from '../../views/embed.ts'
import type { Plan, PlannedModel, PlannedRuntime } from '../../plan/plan.ts'
import { resolveSite } from '../../plan/sites/resolveSite.ts'
import { apiKeySecrets } from '../../views/secrets.ts'
import { workloadName } from '../../layout.ts'

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
  secrets: secretsOf(plan),
  apiKeys: apiKeys(plan),
  sites: sitesOf(plan),
  directory: workloadName(plan.name),
  expected: expected(plan),
  ...(plan.kserveConfig === undefined
    ? {}
    : {
        kserveConfig: {
          namespace: plan.kserveConfig.namespace,
          name: configMapName,
          data: Object.fromEntries(
            Object.entries(plan.kserveConfig.data).map(([key, text]) => [
              key,
              createHash('sha256').update(text).digest('hex'),
            ]),
          ),
        },
      }),
})

const secretsOf = (plan: Plan): object[] => {
  const keys = apiKeySecrets(plan)
  return plan.secrets.map((secret) => ({
    name: secret.name,
    key: secret.key,
    deviceFile: secret.deviceFile,
    ...(keys.has(secret) ? { apiKey: true } : {}),
  }))
}

const sitesOf = ({ bootc: { sites }, sites: all }: Plan): DeviceSites => {
  if (sites.mode === 'none') return { mode: 'none', names: [], fallback: 'base' }
  if (sites.mode === 'one') return { mode: 'one', names: [sites.site], fallback: sites.site }
  return { mode: 'all', names: all.map(({ name }) => name), fallback: sites.fallback }
}

/** Models whose server asks for a key: the health check finds it in the device's file, or in the Secret. */
const apiKeys = (plan: Plan): object[] => {
  const all = new Map(modelsOfBuild(plan).map((model) => [model.name, model]))
  return [...all.values()].flatMap(({ name, apiKeySecret }) => {
    if (apiKeySecret === undefined) return []
    const secret = plan.secrets.find((one) => one.name === apiKeySecret.name && one.key === apiKeySecret.key)
    return [
      {
        model: name,
        secret: { name: apiKeySecret.name, key: apiKeySecret.key },
        ...(secret === undefined ? {} : { deviceFile: secret.deviceFile }),
      },
    ]
  })
}

/** What is live once the bundle is applied: that of the one site; or of the base (the empty name), and of sites that differ from it. */
const expected = (plan: Plan): Record<string, object> => {
  const { sites } = plan.bootc
  const ofSites = (wanted: (name: string) => boolean) =>
    plan.sites.filter(({ name }) => wanted(name)).map((site) => [site.name, live(resolveSite(plan, site))] as const)
  if (sites.mode === 'one') return Object.fromEntries(ofSites((name) => name === sites.site))
  const base = live(plan)
  const differing =
    sites.mode === 'none' ? [] : ofSites(() => true).filter(([, one]) => JSON.stringify(one) !== JSON.stringify(base))
  return Object.fromEntries([['', base], ...differing])
}

/** What an update changes without another image, and no API server changes by itself. */
const watched = ({ spec: { predictor } }: InferenceService) => {
  const { minReplicas, maxReplicas } = predictor
  const { args = [], env = [], resources = {} } = predictor.model
  return { minReplicas, maxReplicas, model: { args, env, resources } }
}

const live = ({
  models,
  runtimes,
}: {
  readonly models: readonly PlannedModel[]
  readonly runtimes: readonly PlannedRuntime[]
}) => ({
  inferenceServices: models.map(({ name, object }) => ({
    name,
    storageUri: object.spec.predictor.model.storageUri,
    predictor: watched(object),
  })),
  servingRuntimes: runtimes.map(({ name, object }) => ({
    name,
    images: object.spec.containers.map(({ name: container, image }) => ({ container, image })),
  })),
  deployments: models.map(({ predictor }) => predictor),
})
