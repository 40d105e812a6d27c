import { parseJson } from '../basics/json.ts'
import { isMap } from '../basics/maps.ts'

/** Numbers in a body of zeros, all inputs together. */
const most = 1_000_000

/**
 * A body of zeros, as large as the inputs say that the model has. The same in jq: src/probes/jq/models.jq.
 *
 * @param metadata - what the server says of the model (Open Inference Protocol)
 * @returns undefined where the inputs have no fixed shape of numbers, or no small one
 */
export const zerosFor = (metadata: string): Uint8Array | undefined => {
  const json = parseJson(metadata)
  const inputs: readonly unknown[] = isMap(json) && Array.isArray(json['inputs']) ? json['inputs'] : []
  const tensors = inputs.map(tensor)
  if (tensors.length === 0 || !tensors.every((one) => one !== undefined)) return undefined
  if (tensors.reduce((sum, { count }) => sum + count, 0) > most) return undefined
  const body = {
    inputs: tensors.map(({ count, ...one }) => ({ ...one, data: Array.from({ length: count }, () => 0) })),
  }
  return new TextEncoder().encode(JSON.stringify(body))
}

const tensor = (input: unknown) => {
  if (!isMap(input) || typeof input['name'] !== 'string' || !Array.isArray(input['shape'])) return undefined
  const { name, datatype } = input
  if (typeof datatype !== 'string' || !/^(?:FP(?:32|64)|U?INT\d+)$/.test(datatype)) return undefined
  const shape = (input['shape'] as readonly unknown[]).map((side, index) =>
    index === 0 && typeof side === 'number' && side < 1 ? 1 : side,
  )
  if (!shape.every((side): side is number => Number.isInteger(side) && Number(side) >= 1)) return undefined
  return { name, shape, datatype, count: shape.reduce((all, side) => all * side, 1) }
}
