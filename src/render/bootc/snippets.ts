import accelerators from '../../../bootc/snippets/accelerators.hbs'
import device from '../../../bootc/snippets/device.hbs'
import drift from '../../../bootc/snippets/drift.hbs'
import embed from '../../../bootc/snippets/embed.hbs'
import firewall from '../../../bootc/snippets/firewall.hbs'
import health from '../../../bootc/snippets/health.hbs'
import lint from '../../../bootc/snippets/lint.hbs'
import manifests from '../../../bootc/snippets/manifests.hbs'
import microshift from '../../../bootc/snippets/microshift.hbs'
import mirrors from '../../../bootc/snippets/mirrors.hbs'
import packages from '../../../bootc/snippets/packages.hbs'
import { type EmbeddedImage, embeddedImages, modelsOfBuild } from '../../views/embed.ts'
import type { Plan } from '../../plan/plan.ts'
import { sourceOf } from '../../plan/model/source.ts'
import type { File } from '../file.ts'
import { containerfileValue, containerfileWords, shellQuote } from '../quote.ts'
import { deviceView } from './device.ts'
import { manifestsView } from './manifests.ts'
import { mirrorsPath } from './toml.ts'

/** A part of the Containerfile, to paste into another one. */
export interface Snippet {
  /** `NN-WHAT` */
  readonly name: string
  readonly text: string
}

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
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['10-microshift', bootc.install ? microshift(microshiftView(plan)) : undefined],
    [
      '20-packages',
      bootc.packages.length > 0 ? packages({ packages: bootc.packages.map(shellQuote).join(' ') }) : undefined,
    ],
    [
      '25-accelerators',
      uses.length > 0
        ? accelerators({ nvidia: uses.includes('nvidia.com/gpu'), identifiers: uses.join(', ') })
        : undefined,
    ],
    ['30-firewall', firewall({})],
    [
      '40-drift',
      drift({
        check: containerfileWords([
          '/bin/sh',
          '/usr/lib/edge/build/check-release',
          '/usr/lib/edge/build/release-info.json',
          `/${bootc.releaseInfo.file}`,
        ]),
      }),
    ],
    ['45-mirrors', plan.mirrors.length > 0 ? mirrors({ mirrorsFile: mirrorsPath }) : undefined],
    ['50-embed', embed(embedView(plan))],
    ['60-manifests', manifests(manifestsView(plan))],
    ['70-device', device(deviceView(plan, files))],
    ['80-health', bootc.greenboot ? health({}) : undefined],
    ['90-lint', lint({})],
  ]
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]))
}

const microshiftView = ({ bootc: { release, greenboot } }: Plan) => {
  const minor = /^\d+\.\d+/.exec(release ?? '')?.[0]
  const repositories =
    minor === undefined ? '' : `rhocp-${minor}-for-rhel-9-x86_64-rpms,fast-datapath-for-rhel-9-x86_64-rpms`
  return { release, greenboot, version: containerfileValue(release ?? ''), repos: containerfileValue(repositories) }
}

/** Resource names of the accelerators that a pod of this image may ask for. */
const accelerated = (plan: Plan): string[] => {
  const names = modelsOfBuild(plan).flatMap(({ object }) =>
    Object.keys(object.spec.predictor.model.resources?.limits ?? {}),
  )
  return [...new Set(names.filter((name) => name.includes('/')))].sort()
}

const embedScript = (...words: readonly string[]): string =>
  containerfileWords(['/bin/sh', '/usr/lib/edge/build/embed-image', ...words])

/** Where archives of the build context `archives` are while a layer is built: not below /run, where builders leave directories behind. */
const mountedArchives = '/usr/lib/edge/build/archives'
const withSecret = '--mount=type=secret,id=pullsecret'
const withArchives = `--mount=type=bind,from=archives,target=${mountedArchives}`

const embedView = (plan: Plan) => {
  const images = embeddedImages(plan)
  const core = plan.bootc.embed.core ? [`${withSecret} ${embedScript('--core')}`] : []
  return {
    runs: [...core, ...images.flatMap(layersOf)],
    archives: images.some(({ pullFrom }) => pullFrom !== undefined),
    list: embedScript('--list'),
  }
}

/** A model is replaced often: it comes in two layers, what it was built on and the rest. One of an archive is one layer. */
const layersOf = ({ reference, pull, pullFrom, group }: EmbeddedImage): string[] =>
  pullFrom !== undefined
    ? [`${withArchives} ${embedScript(reference, sourceOf(pullFrom, `${mountedArchives}/`))}`]
    : [
        ...(group === 'model' ? [embedScript('--first', `docker://${pull}`)] : []),
        embedScript(reference, ...(pull === reference ? [] : [`docker://${pull}`])),
      ].map((words) => `${withSecret} ${words}`)
