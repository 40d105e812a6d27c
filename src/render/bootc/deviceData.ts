import { createHash } from 'node:crypto'
import { configMapName } from '../../kubernetes/names.ts'
import { type EmbeddedImage, modelsOfBuild } from '../../views/embed.ts'
import type { Plan } from '../../plan/plan.ts'
import { apiKeySecrets, madeSecrets } from '../../views/secrets.ts'
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
  return madeSecrets(plan).flatMap(({ name, type, parts }) =>
    parts.map((secret) => ({
      name,
      type,
      key: secret.key,
      deviceFile: secret.deviceFile,
      ...(keys.has(secret) ? { apiKey: true } : {}),
    })),
  )
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
