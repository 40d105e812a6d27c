import { type Finding, finding } from '../findings/finding.ts'
import type { LockedImage } from '../oci/lock.ts'
import { parseReference } from '../oci/reference.ts'
import { pointerOf } from '../plan/decision.ts'
import type { LockWork } from '../views/lockUpdate.ts'
import type { Plan } from '../plan/plan.ts'
import { bytesInWords } from '../render/bytes.ts'
import type { Terminal } from '../report/log.ts'
import { showProgress } from '../report/progress.ts'
import { AskError, askRegistries } from '../tools/askRegistries.ts'
import { lockImage, RefusedImage } from '../tools/lockImage.ts'
import type { SkopeoOptions } from '../tools/skopeo.ts'

/** Runs of skopeo at a time: registries answer in their own time, and each run takes some 30 MB. */
const concurrency = 16
const attempts = 5
const seconds = Number(process.env['EDGE_RETRY_SECONDS'] ?? 1)

/**
 * Asks registries about images, all of them even when some fail.
 *
 * @returns the entries, and everything that is wrong
 * @throws EnvironmentError without skopeo
 */
export const askEach = async (
  plan: Plan,
  asked: LockWork['asked'],
  options: SkopeoOptions,
  terminal: Terminal,
): Promise<{ images: LockedImage[]; findings: Finding[] }> => {
  const ask = askRegistries({
    ...options,
    concurrency,
    attempts,
    pause: (Number.isFinite(seconds) ? seconds : 1) * 1000,
  })
  const progress = asked.length === 0 ? undefined : showProgress(terminal, 'asked', asked.length)
  try {
    const results = await Promise.all(
      asked.map(async ({ reference, isModel }): Promise<{ image?: LockedImage; findings: Finding[] }> => {
        const result = await askOne(plan, reference, isModel, ask)
        const { image } = result
        progress?.step(
          image === undefined ? `${reference}: failed` : `${reference}: ${image.digest}, ${bytesInWords(image.size)}`,
        )
        return result
      }),
    )
    return {
      images: results.flatMap(({ image }) => image ?? []),
      findings: results.flatMap(({ findings }) => findings),
    }
  } finally {
    progress?.end()
  }
}

const askOne = async (
  plan: Plan,
  image: string,
  isModel: boolean,
  ask: ReturnType<typeof askRegistries>,
): Promise<{ image?: LockedImage; findings: Finding[] }> => {
  const at = placeOf(plan, image)
  const parsed = parseReference(image)
  if (!parsed.ok) return { findings: [finding('bad-reference', { text: image, problem: parsed.problem }, at)] }
  try {
    const locked = await lockImage(image, parsed.reference, isModel, ask)
    return {
      image: locked,
      findings:
        locked.entrypoint === undefined
          ? []
          : [finding('modelcar-entrypoint', { image, entrypoint: locked.entrypoint }, at)],
    }
  } catch (error) {
    if (error instanceof RefusedImage) return { findings: [refused(image, error, at)] }
    if (!(error instanceof AskError)) throw error
    const { kind, reason } = error.failure
    if (kind === 'not-found') return { findings: [finding('image-not-found', { image, reason }, at)] }
    if (kind === 'denied') return { findings: [finding('image-denied', { image, reason }, at)] }
    return { findings: [finding('registry-fails', { image, reason, attempts: error.attempts }, at)] }
  }
}

const refused = (image: string, { refusal }: RefusedImage, at: string | undefined): Finding => {
  if (refusal.kind === 'architecture') return finding('image-architecture', { image, found: refusal.found }, at)
  return refusal.kind === 'digest'
    ? finding('image-digest-differs', { image, digest: refusal.digest }, at)
    : finding('image-unusable', { image, why: refusal.why }, at)
}

/** Where the spec asks for an image, as far as it does. */
const placeOf = (plan: Plan, image: string): string | undefined => {
  const model = [...plan.models, ...plan.sites.flatMap(({ models }) => models)].find(
    ({ facts }) => facts.source === image,
  )
  if (model !== undefined) return pointerOf(model.decisions.source.origin)
  const replaced = [...plan.runtimes, ...plan.siteRuntimes]
    .flatMap(({ images }) => images)
    .find((one) => one.image.value === image && pointerOf(one.image.origin) !== undefined)
  if (replaced !== undefined) return pointerOf(replaced.image.origin)
  return plan.otherImages.extra.find(({ reference, pointer }) => reference === image && pointer !== undefined)?.pointer
}
