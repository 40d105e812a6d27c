import { formatLabel } from '../payload/servingRuntime.ts'
import { embeddedImages } from '../views/embed.ts'
import type { Budget } from '../views/budget.ts'
import type { Plan, PlannedRoute } from '../plan/plan.ts'
import type { File } from './file.ts'
import { bytesInWords } from './bytes.ts'
import { imageList } from './lists/list.ts'
import { apiKeySecrets, madeSecrets } from '../views/secrets.ts'
import { sourceOf } from '../plan/model/source.ts'
import { commandWord, type MarkdownCode, markdownCode, type MarkdownText, markdownText } from './quote.ts'
import { type Command, command, joined, type Markdown, prose, template } from './write.ts'
import compiled from './readme.md.hbs'
import { bundleLayout, deviceLayout } from '../layout.ts'

type ReadmeView = {
  readonly name: MarkdownText
  readonly namespace: MarkdownCode
  readonly site?: MarkdownText
  readonly toolVersion: MarkdownText
  readonly payload: Markdown
  readonly directory: MarkdownCode
  readonly imageBuild: Markdown
  readonly extra?: MarkdownCode
  readonly config?: { readonly directory: MarkdownCode; readonly restart: MarkdownCode }
  readonly sites?: Markdown
  readonly models: readonly {
    readonly name: MarkdownText
    readonly format: MarkdownCode
    readonly runtime: MarkdownText
    readonly port: number
    readonly host: Markdown
  }[]
  readonly endpoints: readonly { readonly name: MarkdownText; readonly models: Markdown; readonly host: Markdown }[]
  readonly images: readonly {
    readonly reference: MarkdownCode
    readonly why: Markdown
    readonly size: MarkdownText
    readonly shared: MarkdownText
  }[]
  readonly budget?: Markdown
  readonly mirrored: boolean
  readonly archives: readonly Command[]
  readonly archivesOption: boolean
  readonly copyCommands: readonly Command[]
  readonly siteCommand: Command
  readonly secrets: readonly Command[]
  readonly previewCommand: Command
  readonly askCommand: Command
  readonly keys: boolean
  readonly hidden: boolean
  readonly firstCommand?: Command
}
const write = template<ReadmeView, Markdown>(compiled)

/** The bundle's README.md: what it is, and the commands for it. */
export const readme = (plan: Plan, toolVersion: string): File => {
  const directory = bundleLayout.workload(plan.name)
  const extra = plan.extraManifests === undefined ? undefined : bundleLayout.extraManifests(plan.name)
  const { kserveConfig } = plan
  const config = kserveConfig === undefined ? undefined : bundleLayout.kserveConfig(kserveConfig.directory)
  const directories = [...(config === undefined ? [] : [config]), ...(extra === undefined ? [] : [extra]), directory]
  const { images, budget } = imageList(plan)
  const first = plan.models[0]?.name
  const namespace = commandWord(plan.namespace)
  return {
    path: bundleLayout.readme,
    content: write({
      name: markdownText(plan.name),
      namespace: markdownCode(plan.namespace),
      ...(plan.site === undefined ? {} : { site: markdownText(plan.site) }),
      toolVersion: markdownText(toolVersion),
      payload: payloadInWords(plan),
      directory: markdownCode(`${directory}/`),
      imageBuild: imageBuildInWords(plan),
      ...(extra === undefined ? {} : { extra: markdownCode(`${extra}/`) }),
      ...(config === undefined || kserveConfig === undefined
        ? {}
        : {
            config: {
              directory: markdownCode(`${config}/`),
              restart: markdownCode(
                command`oc rollout restart deployment/kserve-controller-manager -n ${commandWord(kserveConfig.namespace)}`,
              ),
            },
          }),
      ...(plan.sites.length === 0 ? {} : { sites: sitesInWords(plan.sites.map(({ name }) => name)) }),
      models: plan.models.map((model) => ({
        name: markdownText(model.name),
        format: markdownCode(formatLabel(model.object.spec.predictor.model.modelFormat)),
        runtime: markdownText(model.facts.runtime),
        port: model.facts.port.port,
        host: model.route === undefined ? prose`the Service only (no Route)` : url(model.route),
      })),
      endpoints: plan.endpoints.map(({ name, models, route }) => ({
        name: markdownText(name),
        models: joined(models.map(plain), ', '),
        host: url(route),
      })),
      images: images.map(({ reference, why, size, shared, pullFrom }) => ({
        reference: markdownCode(reference),
        why: joined([
          joined(why.map(plain), ', '),
          ...(pullFrom === undefined ? [] : [prose`; from ${markdownCode(sourceOf(pullFrom))}`]),
        ]),
        size: markdownText(size === undefined ? '' : bytesInWords(size)),
        shared: markdownText(shared === undefined ? '' : bytesInWords(shared)),
      })),
      ...(budget === undefined ? {} : { budget: budgetInWords(budget) }),
      mirrored: plan.mirrors.length > 0,
      archives: plan.images.flatMap(({ reference, pullFrom }) =>
        pullFrom === undefined
          ? []
          : [command`skopeo copy ${commandWord(sourceOf(pullFrom))} ${commandWord(`containers-storage:${reference}`)}`],
      ),
      archivesOption: embeddedImages(plan).some(({ pullFrom }) => pullFrom !== undefined),
      copyCommands: directories.map(
        (path) => command`cp -r ${commandWord(path)} ${commandWord(`${deviceLayout.administrator}/manifests.d/`)}`,
      ),
      siteCommand: command`ln -sfn /usr/share/edge/overlays/SITE ${commandWord(`${deviceLayout.administrator}/${directory}`)}`,
      secrets: secretCommands(plan),
      previewCommand: command`kubectl kustomize ${commandWord(directory)}`,
      askCommand: command`oc get inferenceservice -n ${namespace}`,
      keys: plan.models.some(({ apiKeySecret }) => apiKeySecret !== undefined),
      hidden: plan.models.some(({ route, apiKeySecret }) => route === undefined || apiKeySecret !== undefined),
      ...(first === undefined
        ? {}
        : {
            firstCommand: command`sh ${commandWord(bundleLayout.modelScript(first))} --host DEVICE --ca-file ingress-ca.crt`,
          }),
    }),
  }
}

const plain = (text: string): Markdown => prose`${markdownText(text)}`

const url = ({ tls, host, path }: PlannedRoute): Markdown =>
  prose`${markdownCode(`${tls.value === 'none' ? 'http' : 'https'}://${host.value}${path?.value ?? ''}`)}`

const payloadInWords = ({ payload: { release, base } }: Plan): Markdown => {
  const what = release === undefined ? prose`the payload` : prose`the payload of MicroShift ${markdownText(release)}`
  return prose`${what} with release base ${markdownCode(base)}`
}

const imageBuildInWords = ({ bootc: { sites } }: Plan): Markdown =>
  sites.mode === 'all'
    ? prose`the models and manifests of all sites (each device names its own in ${markdownCode(deviceLayout.site)})`
    : sites.mode === 'one'
      ? prose`the models and manifests of the site ${markdownText(sites.site)}`
      : prose`the models and the manifests`

/** What the images cost, in sentences. */
const budgetInWords = ({ download, allArchitectures, largest, unpacked, unknown }: Budget): Markdown => {
  const size = (bytes: number) => markdownText(bytesInWords(bytes))
  const all =
    allArchitectures === download
      ? prose``
      : prose`; ${size(allArchitectures)} at most with every architecture, as the image build embeds them`
  return joined(
    [
      prose`To download: ${size(download)}, layers that several images have once${all}.`,
      prose`The largest image has ${size(largest)}.`,
      unpacked === undefined
        ? prose`That is as registries store them, compressed: unpacked they take more, models little more, runtimes two to three times as much.`
        : prose`Unpacked on the device they take ${size(unpacked)}.`,
      ...(unknown.length === 0
        ? []
        : [prose`Not counted, because the lock has no entry: ${joined(unknown.map(markdownCode), ', ')}.`]),
    ],
    '\n',
  )
}

/** More names than these say less than their number. */
const sitesInWords = (names: readonly string[]): Markdown =>
  names.length <= 5
    ? joined(names.map(plain), ', ')
    : prose`${joined(names.slice(0, 4).map(plain), ', ')} and ${names.length - 4} more sites`

/** A command for each Secret, which makes what the device's own make-secrets makes. */
const secretCommands = (plan: Plan): Command[] => {
  const keys = apiKeySecrets(plan)
  const namespace = commandWord(plan.namespace)
  return madeSecrets(plan).map(({ name, type, parts }) => {
    const files = parts.map((secret) => {
      const file = commandWord(secret.deviceFile)
      const key = commandWord(`${secret.key}=`)
      return keys.has(secret)
        ? command`--from-file=${key}<(head -n 1 < ${file} | tr -d '\\r\\n')`
        : command`--from-file=${key}${file}`
    })
    return command`oc create secret generic ${commandWord(name)} -n ${namespace} --type=${commandWord(type)} ${joined(files, ' ')} --dry-run=client -o yaml | oc apply --server-side --field-manager=edge --force-conflicts -f -`
  })
}
