import { isMap, type JsonMap, mapOf } from '../basics/maps.ts'
import { parseJson } from '../basics/json.ts'
import { isSame } from '../basics/same.ts'
import type { ComparedKind, ExpectedObject, FieldRule } from '../kubernetes/compared.ts'
import { parseQuantity } from '../plan/quantity.ts'

/** How a kind is compared, and which arguments nobody is to see. */
export interface Table {
  readonly fields: ComparedKind['fields']
  readonly secretArgument: RegExp
}

interface Place {
  /** In the table. */
  readonly pattern: string
  /** For people. */
  readonly at: string
  /** Nothing here is anybody else's. */
  readonly strict: boolean
  /** JSON as text stays as it was written: there, false is something. */
  readonly exact: boolean
}

/**
 * What differs between a live object and what the bundle wants, by the table of expected.json. The device does the same in
 * differences.jq: one test holds both to the same rows.
 *
 * @param how - how its kind is compared, and which arguments are shown to nobody
 * @param key - `KIND/NAME`
 * @param wants - as far as it is compared
 * @param is - the live object; undefined when it is not there
 * @returns a line each, with the field, what is expected and what is found
 */
export const objectDifferences = (
  how: Table,
  key: string,
  wants: ExpectedObject,
  is: JsonMap | undefined,
): string[] => {
  const object = key.replace('/', ' ')
  if (is === undefined) return [`${object} is not there`]
  if (mapOf(is['metadata'])['deletionTimestamp'] != null) return [`${object} is being deleted`]
  const lines = Object.keys(wants)
    .sort()
    .flatMap((part) => compared(how, { pattern: part, at: part, strict: false, exact: false }, wants[part], is[part]))
    .map((line) => `${object}, ${line}`)
  return isBehind(is) ? [...lines, `${object}: ${behind}`] : lines
}

/** What is said of an object whose controller did not look at it since it was changed. */
export const behind = 'its last change is not taken up yet'

export const isBehind = (object: JsonMap): boolean => {
  const { observedGeneration } = mapOf(object['status'])
  const { generation } = mapOf(object['metadata'])
  return typeof observedGeneration === 'number' && typeof generation === 'number' && observedGeneration < generation
}

const compared = (table: Table, before: Place, wanted: unknown, found: unknown): string[] => {
  const rule = table.fields[before.pattern] ?? {}
  const place = { ...before, strict: before.strict || rule.strict === true }
  const is = found ?? rule.default
  const wants = wanted ?? (isMap(is) && rule.owned !== undefined ? {} : rule.default)
  if (isAbsent(wants, place) && isAbsent(is, place)) return []
  if (rule.value === 'quantity') return quantity(wants) === quantity(is) ? [] : different(table, place, wants, is)
  if (rule.value === 'json')
    return compared(table, { ...place, pattern: '', strict: true, exact: true }, parsed(wants), parsed(is))
  if (isMap(wants) && isMap(is)) return mapsCompared(table, place, rule, wants, is)
  if ((wants == null || Array.isArray(wants)) && (is == null || Array.isArray(is)))
    return listsCompared(table, place, rule, (wants ?? []) as unknown[], (is ?? []) as unknown[])
  return isSame(wants ?? null, is ?? null) ? [] : different(table, place, wants, is)
}

const mapsCompared = (table: Table, place: Place, rule: FieldRule, wants: JsonMap, is: JsonMap): string[] => {
  const { pattern, at, strict } = place
  // What is left over; and what means something else where it is absent.
  const isLeft = (key: string) =>
    !isAbsent(is[key], place) &&
    !isNamed(rule.added, key) &&
    (strict || isNamed(rule.owned, key) || table.fields[child(table, pattern, key)]?.default !== undefined)
  return [...new Set([...Object.keys(wants), ...Object.keys(is).filter(isLeft)])]
    .sort()
    .flatMap((key) =>
      compared(
        table,
        { ...place, pattern: child(table, pattern, key), at: `${at}${step(key)}` },
        own(wants, key),
        own(is, key),
      ),
    )
}

const listsCompared = (
  table: Table,
  place: Place,
  { by, set, added }: FieldRule,
  wants: readonly unknown[],
  is: readonly unknown[],
): string[] => {
  const item = (name: string | number): Place => ({
    ...place,
    pattern: `${place.pattern}.[]`,
    at: `${place.at}[${name}]`,
  })
  const wantedItems = by === undefined ? undefined : itemsBy(by, wants)
  const foundItems = by === undefined ? undefined : itemsBy(by, is)
  if (wantedItems !== undefined && foundItems !== undefined)
    return [...new Set([...wantedItems.keys(), ...foundItems.keys()])].sort().flatMap((id) => {
      const wanted = wantedItems.get(id)
      const found = foundItems.get(id)
      if (wanted !== undefined && found !== undefined) return compared(table, item(printable(id)), wanted, found)
      return wanted === undefined && isNamed(added, id) ? [] : different(table, item(printable(id)), wanted, found)
    })
  if (set === true || [...wants, ...is].every((one) => typeof one === 'string')) {
    const missing = lacking(table, place, wants, is)
    const more = lacking(table, place, is, wants)
    if (missing !== undefined || more !== undefined) return [shown(place, missing, more)]
    return set === true || isSame(wants, is) ? [] : different(table, place, wants, is)
  }
  if (wants.length !== is.length) return different(table, place, wants, is)
  return wants.flatMap((wanted, index) => compared(table, item(index), wanted, is[index]))
}

/** Items of a list by what tells them apart; undefined where that does not. */
const itemsBy = (by: readonly string[], items: readonly unknown[]): ReadonlyMap<string, JsonMap> | undefined => {
  if (!items.every(isMap)) return undefined
  const found = new Map(items.map((item) => [by.map((field) => plain(item[field] ?? null)).join(','), item]))
  return found.size === items.length ? found : undefined
}

/** The items of a list that another lacks, as they may be shown. */
const lacking = (
  table: Table,
  { pattern }: Place,
  items: readonly unknown[],
  others: readonly unknown[],
): unknown[] | undefined => {
  const all = masked(table, pattern, items) as unknown[]
  const left = all.filter((_, index) => !others.some((other) => isSame(other, items[index])))
  return left.length === 0 ? undefined : left
}

const different = (table: Table, place: Place, wants: unknown, is: unknown): string[] => [
  shown(place, masked(table, place.pattern, wants), masked(table, place.pattern, is)),
]

/** A number and its text look alike: then both as JSON. */
const shown = ({ at }: Place, wants: unknown, is: unknown): string => {
  const texts = [wants, is].map(textOf)
  const [expected, found] =
    texts[0] === texts[1] && !isSame(wants, is)
      ? [wants, is].map((value) => printable(canonical(value ?? null)))
      : texts
  return `${at}: expected ${expected}, found ${found}`
}

const hidden = '(not shown)'

/** A value without what nobody is to see: hidden fields, and the values of arguments such as --api-key. */
const masked = (table: Table, pattern: string, value: unknown): unknown => {
  if (value == null) return value
  if (table.fields[pattern]?.hidden === true) return hidden
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, masked(table, child(table, pattern, key), part)]),
    )
  if (!Array.isArray(value)) return value
  if (!value.every((item) => typeof item === 'string')) return value.map((item) => masked(table, `${pattern}.[]`, item))
  return value.map((argument, index) => {
    const before = value[index - 1]
    if (before !== undefined && table.secretArgument.test(before) && !before.includes('=')) return hidden
    return table.secretArgument.test(argument) && argument.includes('=')
      ? `${argument.split('=')[0]}=${hidden}`
      : argument
  })
}

/** The pattern of a key: `*` where the table has a rule for any. */
const child = ({ fields }: Table, pattern: string, key: string): string =>
  Object.hasOwn(fields, `${pattern}.*`) ? `${pattern}.*` : `${pattern}.${key}`

const isNamed = (names: true | readonly string[] | undefined, key: string): boolean =>
  names === true ||
  names?.some((name) => (name.endsWith('*') ? key.startsWith(name.slice(0, -1)) : name === key)) === true

const own = (map: JsonMap, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined)

/** Without content: the API server and KServe may leave such a field out. */
const isAbsent = (value: unknown, place: Pick<Place, 'exact'>): boolean => {
  if (value == null || place.exact) return value == null
  if (isMap(value)) return Object.values(value).every((part) => isAbsent(part, place))
  if (Array.isArray(value)) return value.length === 0
  return value === '' || value === false || value === 0
}

/** One JSON for all ways to write a value down; jq escapes DEL as well. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    isMap(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  ).replaceAll('\u007f', '\\u007f')

const plain = (value: unknown): string => (typeof value === 'string' ? value : canonical(value))

/** A quantity as a number; what is none stays as it is. */
const quantity = (value: unknown): unknown => {
  const text = plain(value ?? null)
  const number = parseQuantity(text)
  return number === undefined ? text : Number(number.toPrecision(15))
}

const parsed = (value: unknown): unknown => {
  const read = typeof value === 'string' ? parseJson(value) : value
  return read === undefined ? value : read
}

const longest = 300

/** One line of printable text. */
const printable = (text: string): string => {
  const clean = text.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?')
  const characters = clean.length <= longest ? [] : Array.from(clean)
  return characters.length <= longest ? clean : `${characters.slice(0, longest).join('')} …`
}

const textOf = (value: unknown): string => {
  if (value == null || (Array.isArray(value) && value.length === 0)) return 'nothing'
  return printable(typeof value === 'string' && /^[!-~]+( [!-~]+)*$/.test(value) ? value : canonical(value))
}

const step = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? `.${key}` : `[${printable(key)}]`)
