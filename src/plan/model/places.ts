import { isSame } from '../../basics/same.ts'
import type { Location } from '../../findings/finding.ts'
import type { InferenceService } from '../../kubernetes/types.ts'
import { byDefault } from '../decision.ts'
import type { PlacedModel } from './placedModel.ts'
import type { Made } from './settle.ts'

/** Where a value of a model's final object was said. */
export interface Places {
  /**
   * The place of a value: an operation of the patch, a part of the spec or a site, or the model where nobody said it.
   *
   * @param read - reads the value from the object
   * @param steps - the part of the model that decides it; its beginning where the whole is not there
   */
  readonly of: (read: (object: InferenceService) => unknown, ...steps: readonly (string | number)[]) => string
  /** The place of a value's key: of a patch the operation. */
  readonly ofKey: (read: (object: InferenceService) => unknown, ...steps: readonly (string | number)[]) => Location
  /** The place of an argument or a variable of the final object, by its index there. */
  readonly ofItem: (field: 'args' | 'env', index: number, ...steps: readonly string[]) => string
}

const listOf = ({ spec }: InferenceService, field: 'args' | 'env'): readonly unknown[] =>
  spec.predictor.model[field] ?? []

/** The places of a model's values, as the spec says them and the patch changed them. */
export const placesOf = ({ pointer, originOf }: PlacedModel, { history, built, object }: Made): Places => {
  const said = (steps: readonly (string | number)[]) =>
    originOf(...steps) ?? (steps[0] === undefined ? undefined : originOf(steps[0])) ?? byDefault
  const origin: (...args: Parameters<Places['of']>) => ReturnType<typeof history.originOf> = (read, ...steps) =>
    history.originOf(read, said(steps))
  const pointerTo = (from: ReturnType<typeof origin>): string => ('pointer' in from ? from.pointer : pointer)
  return {
    of: (...args) => pointerTo(origin(...args)),
    ofKey: (...args) => {
      const from = origin(...args)
      return { pointer: pointerTo(from), ...(from.from === 'patch' ? {} : { on: 'key' as const }) }
    },
    ofItem: (field, index, ...steps) => {
      const final = listOf(object, field)
      const isItem = (item: unknown) => isSame(item, final[index])
      const earlier = final.slice(0, index).filter(isItem).length
      const inSpec = listOf(built, field).flatMap((item, at) => (isItem(item) ? [at] : []))[earlier]
      if (inSpec === undefined) return pointerTo(origin((one) => listOf(one, field).filter(isItem).length, field))
      // Behind the spec's own arguments stands the name that the model serves.
      return pointerTo(originOf(field, inSpec, ...steps) ?? originOf('servedName') ?? said([field]))
    },
  }
}
