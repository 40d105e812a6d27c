import type { Finding } from '../../findings/finding.ts'
import { imagePlaces } from '../../kubernetes/imagePlaces.ts'
import type { InferenceService } from '../../kubernetes/types.ts'
import { byDefault, pointerOf } from '../decision.ts'
import { imagesOfObject } from '../images/ofObject.ts'
import type { WantedImage } from '../plan.ts'
import type { History } from './history.ts'
import type { ModelContext } from './context.ts'
import type { PlannedSource } from './source.ts'

/**
 * What the device pulls for a model: its ModelCar, and every image that a patch brought into the final object, or that KServe
 * adds because of one.
 */
export const imagesOfModel = (
  name: string,
  object: InferenceService,
  { reference = '', archive }: PlannedSource,
  history: History<InferenceService>,
  { sources, controllers }: ModelContext,
): { images: WantedImage[]; findings: Finding[] } => {
  const who = `model ${name}`
  const more = imagesOfObject(
    object,
    who,
    (place) => {
      const read = (one: InferenceService) =>
        place === undefined ? one.spec : imagePlaces(one).some((other) => other.reference === place.reference)
      return { pointer: pointerOf(history.originOf(read, byDefault)) ?? '' }
    },
    sources,
    controllers,
    true,
    ({ kind, steps }) => kind === 'model' && steps.join('/') === 'spec/predictor/model/storageUri',
  )
  return {
    images: [{ reference, why: who, ...(archive === undefined ? {} : { pullFrom: archive }) }, ...more.images],
    findings: more.findings,
  }
}
