import { fields, isText, listOf, type Shape } from '../bundle/shape.ts'
import { isMap } from '../basics/maps.ts'
import type { ExpectedDocument, ExpectedObject } from '../kubernetes/compared.ts'

const mapOf =
  (item: Shape): Shape =>
  (value) =>
    isMap(value) && Object.values(value).every(item)

const isTrue: Shape = (value) => value === true
const trueOrTexts: Shape = (value) => isTrue(value) || listOf(isText)(value)

const isRule: Shape = fields(
  {},
  {
    owned: trueOrTexts,
    added: trueOrTexts,
    by: listOf(isText),
    set: isTrue,
    strict: isTrue,
    hidden: isTrue,
    value: (value) => value === 'quantity' || value === 'json',
  },
)

/** What is read of objects of every kind. */
const isObject: Shape = fields(
  {},
  { hostLabel: isText, spec: isMap, metadata: fields({}, { namespace: isText, labels: isMap, annotations: isMap }) },
)

/** What is read of objects of one kind, beside what is only compared. */
const ofKind: Readonly<Record<string, Shape>> = {
  InferenceService: fields({ spec: fields({ predictor: fields({ model: fields({ storageUri: isText }) }) }) }),
  Deployment: fields({
    spec: fields({
      template: fields({ spec: fields({ containers: listOf(fields({ name: isText, image: isText })) }) }),
    }),
  }),
}

const hasShape = ([key, object]: readonly [string, unknown]): boolean => {
  const [kind = ''] = key.split('/')
  return isObject(object) && (!Object.hasOwn(ofKind, kind) || ofKind[kind]?.(object) === true)
}

/** Whether a value that nobody has looked at yet is an expected.json, but for the objects that its sites change. */
export const isExpectedDocument = (value: unknown): value is ExpectedDocument =>
  fields(
    {
      kind: (kind) => kind === 'Expected',
      namespace: isText,
      baseDomain: isText,
      kinds: mapOf(fields({ resource: isText, fields: mapOf(isRule) })),
      objects: isMap,
      siteObjects: isMap,
      sites: mapOf(fields({}, { baseDomain: isText, objects: isMap })),
    },
    { site: isText },
  )(value) && hasShapes(Object.entries((value as ExpectedDocument).objects))

/** Whether objects are what edge writes; those of a site are looked at once they are whole. */
export const hasShapes = (objects: Iterable<readonly [key: string, object: ExpectedObject]>): boolean =>
  [...objects].every(hasShape)
