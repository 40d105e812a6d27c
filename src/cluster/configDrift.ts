import { parseJson } from '../basics/json.ts'
import { isMap } from '../basics/maps.ts'
import { isSame } from '../basics/same.ts'

/** A comment in the form of a key: KServe reads nothing of it. */
const exampleKey = '_example'

/** More lines of a difference help nobody. */
const mostLines = 40

/**
 * What differs between KServe's configuration in a bundle and in a cluster, as lines of a diff: `- key/field: value` is the
 * bundle's, `+` the cluster's. The values are JSON as text and are compared as what they mean: spaces and the order of fields
 * do not count.
 *
 * @param before - the bundle's data
 * @param after - the cluster's
 * @returns no lines when nothing differs
 */
export const configDrift = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] => {
  const lines = differences('', parsedEach(before), parsedEach(after))
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more`]
}

const parsedEach = (data: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(data).flatMap(([key, text]): [string, unknown][] =>
      key === exampleKey ? [] : [[key, parsed(text)]],
    ),
  )

/** What a text means; one that is no JSON stands for itself. */
const parsed = (text: string): unknown => {
  const value = parseJson(text)
  return value === undefined ? text : value
}

/** The lines for two values that stand at one place; `undefined` where there is none. */
const differences = (at: string, before: unknown, after: unknown): string[] => {
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return names.flatMap((name) => differences(at === '' ? name : `${at}/${name}`, own(before, name), own(after, name)))
  }
  if (isSame(before, after)) return []
  const line = (sign: string, value: unknown) =>
    value === undefined ? [] : [`${sign} ${at}: ${JSON.stringify(value)}`]
  return [...line('-', before), ...line('+', after)]
}

const own = (map: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(map, name) ? map[name] : undefined
