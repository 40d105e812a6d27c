import type { InferenceService } from '../../kubernetes/types.ts'
import { byDefault, type Decision, decided, given } from '../decision.ts'
import type { Server } from '../../servers/recognise.ts'
import type { History } from './history.ts'
import type { PlacedModel } from './placedModel.ts'

/**
 * The name that clients send: of some servers an argument's. facts/model-servers.md, A name of its own.
 *
 * @param server - read from the final object
 */
export const servedNameOf = (
  { value: model, originOf }: PlacedModel,
  { kind, subject }: Server,
  history: History<InferenceService>,
): Decision<string> => {
  const name = kind.servedName?.(subject.words, model.name) ?? model.name
  const inModel = ({ spec }: InferenceService) => kind.servedName?.(spec.predictor.model.args ?? [], model.name)
  const byField = kind.nameArgument === undefined ? undefined : originOf('servedName')
  const origin = history.originOf(
    inModel,
    byField ?? (name === model.name ? byDefault : (originOf('args') ?? byDefault)),
  )
  if (origin.from === 'default') return decided(name, origin, { code: 'name-model' })
  return origin.from === 'patch' || byField !== undefined
    ? given(name, origin)
    : decided(name, origin, { code: 'name-argument', args: { argument: kind.nameArgument ?? '' } })
}
