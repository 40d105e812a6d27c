import { dirname, join } from 'node:path'
import { EnvironmentError, InputError } from '../errors.ts'
import { type Documents, type Finding, hasErrors } from '../findings/finding.ts'
import { didYouMean } from '../findings/near.ts'
import { load } from '../input/load.ts'
import { isThere } from '../input/openFile.ts'
import { readLock } from '../input/readLock.ts'
import { readText } from '../input/readText.ts'
import { type Lock, type LockedImage, lockName } from '../oci/lock.ts'
import { budgetOf } from '../views/budget.ts'
import { lockedImages } from '../plan/images/sources.ts'
import { workloadImages } from '../plan/images/table.ts'
import { lockWork, type LockWork, type Update, updateNames } from '../views/lockUpdate.ts'
import type { Plan } from '../plan/plan.ts'
import { renderLock } from '../render/lock.ts'
import { bytesInWords } from '../render/bytes.ts'
import { countFindings, printFindings } from '../report/findings.ts'
import { log, type Terminal } from '../report/log.ts'
import { printable } from '../report/printable.ts'
import { askEach } from './lockQuestions.ts'
import { writeOutputs } from './outputs.ts'

export interface LockOptions {
  readonly filename?: string
  readonly payload?: string
  readonly authfile?: string
  readonly update?: true | string
  readonly output?: string
  readonly timeout: string
}

/** Errors and warnings of a spec that a lock mends. */
const mended = new Set<string>(['image-without-digest', 'image-latest'])

/** `edge lock`: asks registries what stands behind each image, and writes it down beside the spec. */
export const lock = async (options: LockOptions, terminal: Terminal): Promise<void> => {
  const timeout = Number(options.timeout)
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > 86_400)
    throw new InputError(`--timeout ${options.timeout} is no number of seconds`)
  // skopeo takes a file of logins that is not there for one without logins.
  if (options.authfile !== undefined) readText(options.authfile)
  const plan = await loadUnlocked(options, terminal)
  const beside = join(
    options.filename === undefined || options.filename === '-' ? '.' : dirname(options.filename),
    lockName,
  )
  const path = options.output ?? beside
  const before = readBefore(path === '-' ? beside : path, terminal)

  const update: Update =
    options.update === undefined ? false : options.update === true ? true : { name: options.update }
  const work = lockWork(plan, before, update)
  if (work === undefined)
    throw new InputError(`nothing is called "${String(options.update)}"`, {
      help:
        didYouMean(String(options.update), updateNames(plan)) ??
        'give the name of a model or a runtime, or a reference as `edge images` lists it',
    })
  const { images, findings } = await askEach(
    plan,
    work.asked,
    { timeout: timeout * 1000, ...(options.authfile === undefined ? {} : { authfile: options.authfile }) },
    terminal,
  )
  printFindings(findings, documentsOf(options), terminal)
  if (hasErrors(findings)) throw failure(findings, work.asked.length)

  const after: Lock = { images: [...work.kept, ...images] }
  report(work, images, terminal)
  const text = printable(renderLock(after))
  if (path !== '-' && isThere(path) && readText(path) === text) log(terminal, 'info', `${path} is as it was`)
  else await writeOutputs([{ format: 'lock', path }], { lock: () => text }, false)
  log(terminal, 'info', summary(plan, after, work))
}

/** The plan as it is without a lock; what a lock mends is no problem here. */
const loadUnlocked = async (options: LockOptions, terminal: Terminal): Promise<Plan> => {
  const { plan, findings, documents } = await load({ ...options, locked: false })
  const kept = findings.filter(({ code }) => !mended.has(code))
  printFindings(kept, documents, terminal)
  if (plan === undefined || hasErrors(kept)) throw new InputError(countFindings(kept), { help: 'nothing was written' })
  return plan
}

/** The lock so far; one that is damaged is not mended by guessing. */
const readBefore = (path: string, terminal: Terminal): Lock => {
  if (!isThere(path)) return { images: [] }
  const { lock: before, findings, text } = readLock(path)
  printFindings(findings, { name: () => path, text: () => text }, terminal)
  if (hasErrors(findings))
    throw new InputError(`${path} cannot be used`, { help: 'mend it, or remove it to lock everything anew' })
  return before
}

const documentsOf = ({ filename = '<stdin>' }: LockOptions): Documents => {
  const text = filename === '-' || filename === '<stdin>' ? undefined : readText(filename)
  return { name: () => (filename === '-' ? '<stdin>' : filename), text: () => text }
}

/** Nothing is written: an image that cannot be used is wrong input, a registry that does not answer is the environment. */
const failure = (findings: readonly Finding[], asked: number): Error => {
  const errors = findings.filter(({ severity }) => severity === 'error')
  const message = `${errors.length} of ${asked} images could not be locked`
  const help = 'nothing was written'
  return errors.every(({ code }) => code === 'registry-fails' || code === 'image-denied')
    ? new EnvironmentError(message, { help })
    : new InputError(message, { help })
}

/** What moved, and what is gone. */
const report = ({ asked, dropped }: LockWork, images: readonly LockedImage[], terminal: Terminal): void => {
  const after = new Map(images.map((image) => [image.reference, image.digest]))
  for (const { reference, before } of asked)
    if (before !== undefined && before.digest !== after.get(reference))
      log(terminal, 'info', `${reference} moved: ${before.digest} → ${after.get(reference) ?? ''}`)
  for (const reference of dropped) log(terminal, 'info', `${reference}: nothing asks for it any more, its entry goes`)
}

const summary = (plan: Plan, after: Lock, { asked }: LockWork): string => {
  const budget = budgetOf(
    workloadImages(
      [],
      [],
      { kserve: [], extra: plan.images.map(({ reference }) => ({ reference, why: '' })) },
      lockedImages(after),
    ),
  )
  const moved = asked.filter(
    ({ reference, before }) =>
      before !== undefined && before.digest !== after.images.find((image) => image.reference === reference)?.digest,
  ).length
  return `${after.images.length} images, ${asked.length} asked, ${moved} moved; ${bytesInWords(budget?.download ?? 0)} to download`
}
