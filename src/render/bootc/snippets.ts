import acceleratorsTemplate from '../../../bootc/snippets/accelerators.hbs'
import deviceTemplate from '../../../bootc/snippets/device.hbs'
import driftTemplate from '../../../bootc/snippets/drift.hbs'
import embedTemplate from '../../../bootc/snippets/embed.hbs'
import firewallTemplate from '../../../bootc/snippets/firewall.hbs'
import healthTemplate from '../../../bootc/snippets/health.hbs'
import lintTemplate from '../../../bootc/snippets/lint.hbs'
import manifestsTemplate from '../../../bootc/snippets/manifests.hbs'
import microshiftTemplate from '../../../bootc/snippets/microshift.hbs'
import mirrorsTemplate from '../../../bootc/snippets/mirrors.hbs'
import packagesTemplate from '../../../bootc/snippets/packages.hbs'
import { type EmbeddedImage, embeddedImages, modelsOfBuild } from '../../views/embed.ts'
import type { Plan } from '../../plan/plan.ts'
import { sourceOf } from '../../plan/model/source.ts'
import type { File } from '../file.ts'
import {
  type Comment,
  comment,
  type ContainerfileValue,
  containerfileValue,
  type ContainerfileWords,
  containerfileWords,
  type RunWord,
  runWord,
} from '../quote.ts'
import { type Instructions, template, type View } from '../write.ts'
import { deviceView } from './device.ts'
import { manifestsView } from './manifests.ts'
import { bundleLayout, deviceLayout, fromRoot } from '../../layout.ts'

/** A part of the Containerfile, to paste into another one. */
export interface Snippet {
  /** `NN-WHAT` */
  readonly name: string
  readonly text: Instructions
}

const nothing = {} satisfies View
const microshift = template<ReturnType<typeof microshiftView>, Instructions>(microshiftTemplate)
const packages = template<{ packages: readonly RunWord[] }, Instructions>(packagesTemplate)
const accelerators = template<{ nvidia: boolean; identifiers: Comment }, Instructions>(acceleratorsTemplate)
const firewall = template<typeof nothing, Instructions>(firewallTemplate)
const drift = template<{ check: ContainerfileWords }, Instructions>(driftTemplate)
const mirrors = template<{ paths: ContainerfileWords }, Instructions>(mirrorsTemplate)
const embed = template<ReturnType<typeof embedView>, Instructions>(embedTemplate)
const manifests = template<ReturnType<typeof manifestsView>, Instructions>(manifestsTemplate)
const device = template<ReturnType<typeof deviceView>, Instructions>(deviceTemplate)
const health = template<typeof nothing, Instructions>(healthTemplate)
const lint = template<typeof nothing, Instructions>(lintTemplate)

/**
 * The instructions of the Containerfile in their order: what changes least comes first, and what can fail comes before what
 * takes long.
 *
 * @param plan - the plan
 * @param files - what the build copies onto the device, with paths from its root
 */
export const snippets = (plan: Plan, files: readonly File[]): Snippet[] => {
  const { bootc } = plan
  const uses = accelerated(plan)
  const parts: readonly (readonly [string, Instructions | undefined])[] = [
    ['10-microshift', bootc.install ? microshift(microshiftView(plan)) : undefined],
    ['20-packages', bootc.packages.length > 0 ? packages({ packages: bootc.packages.map(runWord) }) : undefined],
    [
      '25-accelerators',
      uses.length > 0
        ? accelerators({ nvidia: uses.includes('nvidia.com/gpu'), identifiers: comment(uses.join(', ')) })
        : undefined,
    ],
    ['30-firewall', firewall(nothing)],
    [
      '40-drift',
      drift({
        check: containerfileWords([
          '/bin/sh',
          `${deviceLayout.build}/check-release`,
          `${deviceLayout.build}/release-info.json`,
          `/${bootc.releaseInfo.file}`,
        ]),
      }),
    ],
    [
      '45-mirrors',
      plan.mirrors.length > 0
        ? mirrors({
            paths: containerfileWords([bundleLayout.rootfs(fromRoot(deviceLayout.mirrors)), deviceLayout.mirrors]),
          })
        : undefined,
    ],
    ['50-embed', embed(embedView(plan))],
    ['60-manifests', manifests(manifestsView(plan))],
    ['70-device', device(deviceView(plan, files))],
    ['80-health', bootc.greenboot ? health(nothing) : undefined],
    ['90-lint', lint(nothing)],
  ]
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]))
}

const microshiftView = ({
  bootc: { release, greenboot },
}: Plan): { release?: Comment; greenboot: boolean; version: ContainerfileValue; repos: ContainerfileValue } => {
  const minor = /^\d+\.\d+/.exec(release ?? '')?.[0]
  const repositories =
    minor === undefined ? '' : `rhocp-${minor}-for-rhel-9-x86_64-rpms,fast-datapath-for-rhel-9-x86_64-rpms`
  return {
    ...(release === undefined ? {} : { release: comment(release) }),
    greenboot,
    version: containerfileValue(release ?? ''),
    repos: containerfileValue(repositories),
  }
}

/** Resource names of the accelerators that a pod of this image may ask for. */
const accelerated = (plan: Plan): string[] => {
  const names = modelsOfBuild(plan).flatMap(({ object }) =>
    Object.keys(object.spec.predictor.model.resources?.limits ?? {}),
  )
  return [...new Set(names.filter((name) => name.includes('/')))].sort()
}

const embedScript = (...words: readonly string[]): ContainerfileWords =>
  containerfileWords(['/bin/sh', `${deviceLayout.build}/embed-image`, ...words])

/**
 * Where archives of the build context `archives` are while a layer is built, as embed.hbs mounts it: not below /run, where
 * builders leave directories behind.
 */
const mountedArchives = `${deviceLayout.build}/archives`

/** A call of embed-image; with the archives mounted, or the logins of registries. */
type EmbedRun = {
  readonly words: ContainerfileWords
  readonly archive: boolean
}

const embedView = (plan: Plan): { runs: EmbedRun[]; archives: boolean; list: ContainerfileWords } => {
  const images = embeddedImages(plan)
  const core = plan.bootc.embed.core ? [{ words: embedScript('--core'), archive: false }] : []
  return {
    runs: [...core, ...images.flatMap(layersOf)],
    archives: images.some(({ pullFrom }) => pullFrom !== undefined),
    list: embedScript('--list'),
  }
}

/** A model is replaced often: it comes in two layers, what it was built on and the rest. One of an archive is one layer. */
const layersOf = ({ reference, pull, pullFrom, group }: EmbeddedImage): EmbedRun[] =>
  pullFrom !== undefined
    ? [{ words: embedScript(reference, sourceOf(pullFrom, `${mountedArchives}/`)), archive: true }]
    : [
        ...(group === 'model' ? [embedScript('--first', `docker://${pull}`)] : []),
        embedScript(reference, ...(pull === reference ? [] : [`docker://${pull}`])),
      ].map((words) => ({ words, archive: false }))
