import { dump, loadAll } from 'js-yaml'
import type { Random } from './random.ts'

/** What parsers and terminals take for more than text. */
const tokens = [
  '\u0000',
  '\u001b[31m',
  '\u001b]0;title\u0007',
  '\u0085',
  '\u009b31m',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\r\n',
  '\n',
  '\t',
  '\ud800',
  '"',
  "'",
  '`',
  '\\',
  '$(id)',
  '${HOME}',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  '-1',
  '0',
  '1e400',
  '9007199254740993',
  'NaN',
  '-0',
  '{}',
  '[]',
  '&a *a',
  '<<: *a',
  '!!binary x',
  '--- ',
  '# ',
  '{{',
  '%00',
  ' ',
  ',',
  ';',
  ':',
  '=',
  '{',
  '}',
  '[',
  ']',
]

/** Values in the place of others. */
const values = (random: Random): unknown =>
  random.pick<() => unknown>([
    () => null,
    () => true,
    () => 0,
    () => -1,
    () => 1.5,
    () => 2 ** 53,
    () => 1e308,
    () => '',
    () => random.pick(tokens),
    () => random.pick(tokens) + random.pick(tokens),
    () => 'x'.repeat(random.pick([64, 254, 1000, 20_000])),
    () => [],
    () => ({}),
    () => [null],
    () => [[random.pick(tokens)]],
    () => ({ [random.pick(tokens)]: random.pick(tokens) }),
    () => ({ name: random.pick(tokens) }),
    () => nested(random.pick([5, 60, 150])),
    () => Array.from({ length: 300 }, (_, index) => index),
  ])()

const nested = (depth: number): unknown =>
  depth === 0 ? 'deep' : depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) }

/** Changes a place in a value: sets, takes away, renames or copies what stands there. */
const changed = (value: unknown, random: Random): unknown => {
  if (typeof value !== 'object' || value === null || random.below(12) === 0) return values(random)
  const keys = Object.keys(value)
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>
  const key = keys.length === 0 ? '0' : random.pick(keys)
  const put = (name: string, content: unknown) =>
    Object.defineProperty(copy, name, { value: content, enumerable: true, configurable: true, writable: true })
  switch (random.below(10)) {
    case 0:
      if (Array.isArray(copy)) copy.splice(Number(key), 1)
      else Reflect.deleteProperty(copy, key)
      return copy
    case 1:
      if (Array.isArray(copy)) copy.push(copy[key])
      else put(random.pick([...tokens, ...keys]), copy[key])
      return copy
    case 2:
      if (Array.isArray(copy)) copy.push(values(random))
      else put(random.pick(tokens), values(random))
      return copy
    case 3:
      if (typeof copy[key] === 'string') put(key, spliced(Buffer.from(copy[key]), random).toString('utf8'))
      return copy
    default:
      put(key, changed(copy[key], random))
      return copy
  }
}

/** Puts a token into bytes, or in the place of some. */
const spliced = (bytes: Uint8Array, random: Random): Buffer => {
  const at = random.below(bytes.length + 1)
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(random.pick(tokens)),
    bytes.subarray(Math.min(bytes.length, at + random.pick([0, 0, 1, 4]))),
  ])
}

const asJson = (bytes: Buffer, random: Random): Buffer =>
  Buffer.from(JSON.stringify(changed(JSON.parse(bytes.toString('utf8')), random), undefined, random.pick([0, 2])))

const asYaml = (bytes: Buffer, random: Random): Buffer => {
  const documents: unknown[] = loadAll(bytes.toString('utf8'))
  const which = random.below(documents.length)
  return Buffer.from(
    documents
      .map((document, index) => dump(index === which ? changed(document, random) : document, { lineWidth: -1 }))
      .join('---\n'),
  )
}

const asBytes = (bytes: Buffer, random: Random, other: Buffer): Buffer => {
  const [from, to] = [random.below(bytes.length + 1), random.below(bytes.length + 1)].sort((a, b) => a - b) as [
    number,
    number,
  ]
  switch (random.below(7)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
    case 1:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
    case 2:
      return bytes.subarray(0, to)
    case 3:
      return Buffer.concat([bytes.subarray(0, from), other.subarray(random.below(other.length + 1))])
    case 4: {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[random.below(copy.length)] = random.below(256)
      return copy
    }
    case 5: {
      const piece = bytes.subarray(from, Math.min(to, from + 40))
      return Buffer.concat([
        bytes.subarray(0, from),
        ...Array.from({ length: random.pick([2, 50, 500]) }, () => piece),
        bytes.subarray(from),
      ])
    }
    default:
      return spliced(bytes, random)
  }
}

/**
 * Changes an input in one to six places: as JSON or YAML where it is that, so that most of it still means something, else byte by byte.
 *
 * @param seed - an input
 * @param other - another, of which it may take a part
 */
export const mutate = (seed: Buffer, other: Buffer, random: Random): Buffer => {
  let bytes = seed
  for (let times = 1 + random.below(6); times > 0; times--) {
    const way = random.pick([asJson, asJson, asYaml, asYaml, asBytes])
    try {
      bytes = way(bytes, random, other)
    } catch {
      bytes = asBytes(bytes, random, other)
    }
  }
  return bytes.subarray(0, 2 ** 20)
}
