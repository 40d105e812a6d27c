import type { KserveType } from '../../findings/words.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import { isPulledAlways, parseReference } from '../../oci/reference.ts'
import type { FieldTypes, JsonType } from '../../payload/configFields.ts'
import { isMap } from '../../basics/maps.ts'
import { pointerStep } from '../../yaml/locate.ts'
import type { ImageSources } from '../images/sources.ts'
import { type FieldType, kserveConfigFields } from './fields.ts'
import { parseQuantity } from '../quantity.ts'

const isText = (value: unknown): boolean => typeof value === 'string'

/** What a value of a type has to be, and whether one is. */
const types: Readonly<
  Record<FieldType | JsonType, { readonly expected: KserveType; readonly fits: (value: unknown) => boolean }>
> = {
  text: { expected: 'text', fits: isText },
  string: { expected: 'text', fits: isText },
  image: { expected: 'image', fits: isText },
  quantity: { expected: 'quantity', fits: isText },
  boolean: { expected: 'boolean', fits: (value) => typeof value === 'boolean' },
  integer: { expected: 'integer', fits: Number.isSafeInteger },
  number: { expected: 'number', fits: (value) => typeof value === 'number' },
  texts: { expected: 'texts', fits: Array.isArray },
  array: { expected: 'list', fits: Array.isArray },
  map: { expected: 'map', fits: isMap },
  object: { expected: 'map', fits: isMap },
  null: { expected: 'anything', fits: () => true },
}

/**
 * Holds the changes of one key against what KServe reads and what the payload has: KServe ignores a field that it does not
 * know without a word, and its controller ends at a value of another type.
 *
 * @param known - the fields that the payload names
 * @param pointer - the key's place in the spec
 */
export const checkConfigPatch = (
  key: string,
  patch: Readonly<Record<string, unknown>>,
  known: FieldTypes,
  pointer: string,
  sources: ImageSources,
): Finding[] => {
  const ofKserve = new Map(Object.entries(kserveConfigFields.get(key) ?? {}))
  const paths = [...new Set([...ofKserve.keys(), ...known.keys()])]
  const check = (map: Readonly<Record<string, unknown>>, prefix: string, place: string): Finding[] =>
    Object.entries(map).flatMap(([name, value]) => {
      const path = prefix + name
      const type = ofKserve.get(path) ?? known.get(path)
      const at = place + pointerStep(name)
      if (type === undefined) {
        const siblings = paths
          .filter((one) => one.startsWith(prefix))
          .map((one) => one.slice(prefix.length))
          .filter((one) => !one.includes('/'))
        return [
          finding(
            'kserve-config-unknown',
            {
              name,
              of: `${key}${prefix === '' ? '' : `.${prefix.slice(0, -1).replaceAll('/', '.')}`}`,
              known: siblings,
            },
            { pointer: at, on: 'key' },
          ),
        ]
      }
      if (value === null) return []
      const { expected, fits } = types[type]
      if (!fits(value)) return [finding('kserve-config-type', { value, expected }, at)]
      if (type === 'texts')
        return (value as unknown[]).flatMap((item, index) =>
          isText(item)
            ? []
            : [finding('kserve-config-type', { value: item, expected: 'text' }, at + pointerStep(index))],
        )
      const variable = typeof value === 'string' ? /\$\(([^)]*)\)/.exec(value)?.[1] : undefined
      if (variable !== undefined)
        return [finding('kserve-config-variable', { name: variable, known: [...sources.releaseInfo.keys()] }, at)]
      if (isMap(value)) return paths.some((one) => one.startsWith(`${path}/`)) ? check(value, `${path}/`, at) : []
      if (type === 'quantity' && value !== '' && parseQuantity(value as string) === undefined)
        return [finding('bad-quantity', { value }, at)]
      return type === 'image' && (!sources.overrides.has(value as string) || sources.releaseInfo.has(value as string))
        ? checkImage(value as string, `${key}.${path.replaceAll('/', '.')}`, at)
        : []
    })
  return check(patch, '', pointer)
}

/** An image that KServe is to add to pods. What the payload itself names stays as it is. */
export const checkImage = (image: string, by: string, pointer: string): Finding[] => {
  const parsed = parseReference(image)
  if (!parsed.ok) return [finding('bad-reference', { text: image, problem: parsed.problem }, pointer)]
  return isPulledAlways(parsed.reference) ? [finding('kserve-config-image-latest', { image, by }, pointer)] : []
}
