import { isMap } from '../../basics/maps.ts'
import type { InferenceService } from '../../kubernetes/types.ts'
import type { PatchProblem, Shape } from '../../kubernetes/patchProblem.ts'

type Fields = Readonly<Record<string, unknown>>
const isText = (value: unknown): value is string => typeof value === 'string'
const isNamed = (value: unknown): boolean => isMap(value) && isText(value['name'])
const areTexts = (value: unknown): boolean => isMap(value) && Object.values(value).every(isText)

const shapes: Readonly<Record<Shape, (value: unknown) => boolean>> = {
  map: isMap,
  list: Array.isArray,
  text: isText,
  number: Number.isInteger,
  texts: (value) => Array.isArray(value) && value.every(isText),
  'named-maps': (value) => Array.isArray(value) && value.every(isNamed),
  variables: (value) => Array.isArray(value) && value.every(isNamed),
  containers: (value) =>
    Array.isArray(value) &&
    value.every(
      (item) =>
        isNamed(item) &&
        isMap(item) &&
        ['command', 'args'].every((field) => item[field] === undefined || shapes.texts(item[field])) &&
        (item['env'] === undefined || shapes.variables(item['env'])) &&
        (item['ports'] === undefined || shapes.ports(item['ports'])) &&
        ['resources', 'readinessProbe'].every((field) => item[field] === undefined || isMap(item[field])) &&
        (item['image'] === undefined || isText(item['image'])),
    ),
  ports: (value) =>
    Array.isArray(value) && value.every((port) => isMap(port) && Number.isInteger(port['containerPort'])),
  quantities: (value) => isMap(value) && Object.values(value).every((one) => isText(one) || typeof one === 'number'),
}

/** What edge reads of a final InferenceService, and which shape each has. A field of two steps is looked at where the first is. */
const fieldsOfPredictor: readonly (readonly [string, Shape, 'needed'?])[] = [
  ['minReplicas', 'number', 'needed'],
  ['maxReplicas', 'number', 'needed'],
  ['deploymentStrategy', 'map', 'needed'],
  ['deploymentStrategy/type', 'text'],
  ['serviceAccountName', 'text'],
  ['imagePullSecrets', 'named-maps'],
  ['nodeSelector', 'map'],
  ['tolerations', 'list'],
  ['volumes', 'named-maps'],
  ['containers', 'containers'],
  ['initContainers', 'containers'],
  ['model', 'map', 'needed'],
  ['model/modelFormat', 'map', 'needed'],
  ['model/command', 'texts'],
  ['model/args', 'texts'],
  ['model/env', 'variables'],
  ['model/image', 'text'],
  ['model/ports', 'ports'],
  ['model/resources', 'map'],
  ['model/resources/requests', 'quantities'],
  ['model/resources/limits', 'quantities'],
  ['model/volumeMounts', 'named-maps'],
  ['model/readinessProbe', 'map'],
]

/**
 * Looks whether a patched InferenceService can still be read, and whether it left alone what other fields of the spec decide.
 *
 * @param before - as it was built
 * @param after - as the patch left it
 */
export const checkObject = (before: InferenceService, after: unknown): PatchProblem | undefined => {
  if (!isMap(after)) return { is: 'nothing-left' }
  const { apiVersion, kind, metadata, spec } = after
  const isSame =
    apiVersion === before.apiVersion &&
    kind === before.kind &&
    isMap(metadata) &&
    metadata['name'] === before.metadata.name
  if (!isSame) return { is: 'identity' }
  for (const field of ['labels', 'annotations'])
    if (metadata[field] !== undefined && !areTexts(metadata[field]))
      return { is: 'shape', field: `metadata.${field}`, expected: 'map' }
  const predictor = isMap(spec) ? spec['predictor'] : undefined
  if (predictor === undefined) return { is: 'missing', field: 'spec.predictor' }
  if (!isMap(predictor)) return { is: 'shape', field: 'spec.predictor', expected: 'map' }
  for (const [path, expected, needed] of fieldsOfPredictor) {
    const value = path.split('/').reduce<unknown>((at, step) => (isMap(at) ? at[step] : undefined), predictor)
    if (value === undefined && needed === undefined) continue
    if (value === undefined) return { is: 'missing', field: `spec.predictor.${path.replaceAll('/', '.')}` }
    if (!shapes[expected](value)) return { is: 'shape', field: `spec.predictor.${path.replaceAll('/', '.')}`, expected }
  }
  return owned(before, predictor['model'] as Fields)
}

/** Model and runtime have fields of their own, and everything else follows them. */
const owned = ({ spec: { predictor } }: InferenceService, model: Fields): PatchProblem | undefined => {
  if (model['storageUri'] !== predictor.model.storageUri) return { is: 'owned', field: 'storageUri', set: 'source' }
  if (model['storage'] !== undefined) return { is: 'owned', field: 'storage', set: 'source' }
  if (model['runtime'] !== predictor.model.runtime) return { is: 'owned', field: 'runtime', set: 'runtime' }
  return undefined
}
