import { formatLabel } from '../payload/servingRuntime.ts'
import { embeddedImages } from '../views/embed.ts'
import type { Budget } from '../views/budget.ts'
import type { Plan, PlannedRoute } from '../plan/plan.ts'
import type { File } from './file.ts'
import { kserveConfigPath } from './kserveConfig.ts'
import { bytesInWords } from './bytes.ts'
import { imageList } from './lists/list.ts'
import { apiKeySecrets } from '../views/secrets.ts'
import { sourceOf } from '../plan/model/source.ts'
import { extraDirectory, workloadDirectory } from './manifests.ts'
import { markdownCode, shellQuote } from './quote.ts'
import template from './readme.md.hbs'

/** The bundle's README.md: what it is, and the commands for it. */
export const readme = (plan: Plan, toolVersion: string): File => {
  const directory = workloadDirectory(plan)
  const extra = plan.extraManifests === undefined ? undefined : extraDirectory(plan)
  const config = plan.kserveConfig === undefined ? undefined : kserveConfigPath(plan.kserveConfig)
  const directories = [...(config === undefined ? [] : [config]), ...(extra === undefined ? [] : [extra]), directory]
  const { images, budget } = imageList(plan)
  return {
    path: 'README.md',
    content: template({
      name: plan.name,
      namespace: plan.namespace,
      site: plan.site,
      toolVersion,
      payload: `${plan.payload.release === undefined ? 'the payload' : `the payload of MicroShift ${plan.payload.release}`} with release base ${plan.payload.base}`,
      directory,
      imageBuild: imageBuildInWords(plan),
      extra,
      config,
      configNamespace: plan.kserveConfig?.namespace,
      sites: sitesInWords(plan.sites.map(({ name }) => name)),
      models: plan.models.map((model) => ({
        name: model.name,
        format: markdownCode(formatLabel(model.format)),
        runtime: model.runtime,
        port: model.port,
        host: model.route === undefined ? 'the Service only (no Route)' : url(model.route),
      })),
      endpoints: plan.endpoints.map(({ name, models, route }) => ({
        name,
        models: models.join(', '),
        host: url(route),
      })),
      images: images.map(({ reference, why, size, shared, pullFrom }) => ({
        reference: markdownCode(reference),
        why: `${why.join(', ')}${pullFrom === undefined ? '' : `; from ${markdownCode(sourceOf(pullFrom))}`}`,
        size: size === undefined ? '' : bytesInWords(size),
        shared: shared === undefined ? '' : bytesInWords(shared),
      })),
      budget: budget === undefined ? undefined : budgetInWords(budget),
      mirrored: plan.mirrors.length > 0,
      archives: plan.images.flatMap(({ reference, pullFrom }) =>
        pullFrom === undefined
          ? []
          : [`skopeo copy ${shellQuote(sourceOf(pullFrom))} ${shellQuote(`containers-storage:${reference}`)}`],
      ),
      archivesOption: embeddedImages(plan).some(({ pullFrom }) => pullFrom !== undefined),
      copyCommands: directories.map((path) => `cp -r ${shellQuote(path)} /etc/microshift/manifests.d/`),
      secrets: secretCommands(plan),
      previewCommand: `kubectl kustomize ${shellQuote(directory)}`,
      keys: plan.models.some(({ apiKeySecret }) => apiKeySecret !== undefined),
      hidden: plan.models.some(({ route, apiKeySecret }) => route === undefined || apiKeySecret !== undefined),
      first: plan.models[0]?.name,
    }),
  }
}

const url = ({ tls, host, path = '' }: PlannedRoute): string => `${tls === 'none' ? 'http' : 'https'}://${host}${path}`

const imageBuildInWords = ({ bootc: { sites } }: Plan): string =>
  sites.mode === 'all'
    ? 'the models and manifests of all sites (each device names its own in `/etc/edge/site`)'
    : sites.mode === 'one'
      ? `the models and manifests of the site ${sites.site}`
      : 'the models and the manifests'

/** What the images cost, in sentences. */
const budgetInWords = ({ download, allArchitectures, largest, unpacked, unknown }: Budget): string =>
  [
    `To download: ${bytesInWords(download)}, layers that several images have once${allArchitectures === download ? '' : `; ${bytesInWords(allArchitectures)} at most with every architecture, as the image build embeds them`}.`,
    `The largest image has ${bytesInWords(largest)}.`,
    unpacked === undefined
      ? 'That is as registries store them, compressed: unpacked they take more, models little more, runtimes two to three times as much.'
      : `Unpacked on the device they take ${bytesInWords(unpacked)}.`,
    ...(unknown.length === 0
      ? []
      : [`Not counted, because the lock has no entry: ${unknown.map(markdownCode).join(', ')}.`]),
  ].join('\n')

/** More names than these say less than their number. */
const sitesInWords = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more sites`

/** A command for each Secret, which makes what the device's own make-secrets makes. */
const secretCommands = (plan: Plan): string[] => {
  const keys = apiKeySecrets(plan)
  return [...new Set(plan.secrets.map(({ name }) => name))].map((name) => {
    const parts = plan.secrets.filter((secret) => secret.name === name)
    const files = parts.map(
      (secret) =>
        `--from-file=${shellQuote(`${secret.key}=`)}${keys.has(secret) ? `<(head -n 1 < ${shellQuote(secret.deviceFile)} | tr -d '\\r\\n')` : shellQuote(secret.deviceFile)}`,
    )
    return `oc create secret generic ${shellQuote(name)} -n ${shellQuote(plan.namespace)} --type=${secretType(parts.map(({ key }) => key))} ${files.join(' ')} --dry-run=client -o yaml | oc apply --server-side --field-manager=edge --force-conflicts -f -`
  })
}

/** What the kubelet reads as credentials of a registry, and the router as a certificate, has a type of its own. */
const secretType = (keys: readonly string[]): string => {
  if (keys.includes('.dockerconfigjson')) return 'kubernetes.io/dockerconfigjson'
  return keys.includes('tls.crt') && keys.includes('tls.key') ? 'kubernetes.io/tls' : 'Opaque'
}
