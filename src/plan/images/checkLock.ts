import { type Finding, finding } from '../../findings/finding.ts'
import { type Lock, lockName } from '../../oci/lock.ts'
import { pinnedName } from './sources.ts'
import type { PlannedImage } from '../plan.ts'

/**
 * Holds a lock against what devices need: entries that are missing, those that nothing asks for, and ModelCars that cannot serve.
 *
 * @param lock - the lock, with its entries where they stand in the file
 * @param images - the image table
 * @param models - the names of those that are models
 */
export const checkLock = (lock: Lock, images: readonly PlannedImage[], models: ReadonlySet<string>): Finding[] => {
  const at = (pointer: string) => ({ file: lockName, pointer })
  const used = new Set(images.flatMap(({ reference, pull }) => [reference, pull]))
  if (lock.damaged === true) return []
  return [
    ...images.flatMap(({ reference, locked, pullFrom, why }) =>
      locked === undefined && pullFrom === undefined
        ? [finding('lock-missing', { image: reference, by: why.join(', ') }, { ...at('/images'), on: 'key' })]
        : [],
    ),
    ...images.flatMap(({ reference, locked }) =>
      locked?.entrypoint === undefined || !models.has(reference)
        ? []
        : [
            finding(
              'modelcar-entrypoint',
              { image: reference, entrypoint: locked.entrypoint },
              at(pointerOf(lock, locked.reference)),
            ),
          ],
    ),
    ...lock.images.flatMap(({ reference, digest }, index) =>
      used.has(reference) || used.has(pinnedName({ reference, digest }))
        ? []
        : [finding('lock-unused', { reference }, at(`/images/${index}`))],
    ),
  ]
}

const pointerOf = (lock: Lock, reference: string): string =>
  `/images/${lock.images.findIndex((image) => image.reference === reference)}`
