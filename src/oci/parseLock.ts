import { type Because, because } from '../findings/because.ts'
import { isMap } from '../basics/maps.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { parseYaml } from '../yaml/parse.ts'
import { type Lock, type LockedImage, type LockedLayer, lockName, lockPlatform } from './lock.ts'
import { isDigest, parseReference } from './reference.ts'

/** Thrown for the part of a lock that cannot be used, caught where the next part begins. */
class Malformed extends Error {
  readonly pointer: string
  readonly why: Because
  constructor(why: Because, pointer: string) {
    super(why.code)
    this.why = why
    this.pointer = pointer
  }
}

/**
 * Reads a lock that nobody has looked at yet: other people's hands and merges leave their marks in it.
 *
 * @param text - the file's text
 * @returns the entries that can be used, and everything that is wrong, with places in the lock
 */
export const parseLock = (text: string): { lock: Lock; findings: readonly Finding[] } => {
  const yaml = parseYaml(text)
  const at = (pointer: string) => ({ file: lockName, pointer })
  const fail = (...findings: Finding[]) => ({ lock: { images: [], damaged: true as const }, findings })
  if (!yaml.ok)
    return fail(finding('yaml-syntax', { reason: yaml.problem.reason }, { ...at(''), offset: yaml.problem.offset }))
  if (yaml.documents.length !== 1)
    return fail(finding('lock-malformed', { why: because('lock-documents', { count: yaml.documents.length }) }, at('')))

  const findings: Finding[] = []
  const attempt = <T>(read: () => T): T[] => {
    try {
      return [read()]
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      findings.push(finding('lock-malformed', { why: error.why }, at(error.pointer)))
      return []
    }
  }
  const [items = []] = attempt(() => readHead(yaml.documents[0]))
  const images = items.flatMap((item, index) =>
    attempt(() => readImage(item, `/images/${index}`)).map((image) => ({ image, pointer: `/images/${index}` })),
  )

  const seen = new Map<string, LockedImage>()
  const sizes = new Map<string, number>()
  const layers = new Map<string, number>()
  for (const { image, pointer } of images) {
    findings.push(
      ...contradictions(image, sizes, layers).map((why) =>
        finding('lock-contradicts', { reference: image.reference, why }, at(pointer)),
      ),
    )
    if (seen.has(image.reference))
      findings.push(finding('lock-twice', { reference: image.reference }, at(`${pointer}/reference`)))
    else seen.set(image.reference, image)
  }
  return { lock: { images: [...seen.values()], ...(findings.length === 0 ? {} : { damaged: true }) }, findings }
}

const readHead = (root: unknown): readonly unknown[] => {
  const { apiVersion, kind, platform, images } = record(root, '', ['apiVersion', 'kind', 'platform', 'images'])
  if (apiVersion !== 'edge.microshift.dev/v1alpha1' || kind !== 'EdgeLock')
    throw new Malformed(because('lock-kind'), '/kind')
  const wanted = `${lockPlatform.os}/${lockPlatform.architecture}`
  if (platform !== wanted) throw new Malformed(because('lock-platform', { wanted }), '/platform')
  return list(images, '/images')
}

const imageFields = [
  'reference',
  'digest',
  'type',
  'image',
  'architectures',
  'size',
  'allSize',
  'unpacked',
  'entrypoint',
  'layers',
]

const readImage = (item: unknown, pointer: string): LockedImage => {
  const fields = record(item, pointer, imageFields)
  const optional = <T>(field: string, read: (value: unknown, pointer: string) => T): Record<string, T> =>
    fields[field] === undefined ? {} : { [field]: read(fields[field], `${pointer}/${field}`) }
  const reference = text(fields['reference'], `${pointer}/reference`)
  if (!parseReference(reference).ok) throw new Malformed(because('lock-reference'), `${pointer}/reference`)
  const { type } = fields
  if (type !== 'image' && type !== 'index') throw new Malformed(because('lock-type'), `${pointer}/type`)
  return {
    reference,
    digest: digest(fields['digest'], `${pointer}/digest`),
    type,
    ...optional('image', digest),
    ...optional('architectures', texts),
    size: bytes(fields['size'], `${pointer}/size`),
    ...optional('allSize', bytes),
    ...optional('unpacked', bytes),
    ...optional('entrypoint', texts),
    layers: list(fields['layers'], `${pointer}/layers`).map((layer, index) =>
      readLayer(layer, `${pointer}/layers/${index}`),
    ),
  }
}

const readLayer = (item: unknown, pointer: string): LockedLayer => {
  const fields = record(item, pointer, ['digest', 'size'])
  return { digest: digest(fields['digest'], `${pointer}/digest`), size: bytes(fields['size'], `${pointer}/size`) }
}

/** What cannot all be true of an entry, or of two entries with one digest or one layer. */
const contradictions = (image: LockedImage, sizes: Map<string, number>, layers: Map<string, number>): Because[] => {
  const parsed = parseReference(image.reference)
  const asked = parsed.ok ? parsed.reference.digest : undefined
  const own = new Map(image.layers.map(({ digest: name, size }) => [name, size]))
  const changed = [...own].find(([name, size]) => (layers.get(name) ?? size) !== size)
  for (const [name, size] of own) layers.set(name, size)
  const other = sizes.get(image.digest) ?? image.size
  sizes.set(image.digest, image.size)
  return [
    ...(asked === undefined || asked === image.digest
      ? []
      : [because('lock-other-digest', { asked, digest: image.digest })]),
    ...((image.type === 'index') === (image.image !== undefined)
      ? []
      : [image.type === 'index' ? because('lock-index-without-image') : because('lock-image-of-image')]),
    ...(image.type === 'index' && image.architectures?.includes(lockPlatform.architecture) !== true
      ? [because('lock-architecture', { architecture: lockPlatform.architecture })]
      : []),
    ...([...own.values()].reduce((sum, size) => sum + size, 0) <= image.size ? [] : [because('lock-layers-larger')]),
    ...(other === image.size ? [] : [because('lock-other-size', { digest: image.digest, size: other })]),
    ...(changed === undefined ? [] : [because('lock-layer-size', { layer: changed[0] })]),
  ]
}

const record = (value: unknown, pointer: string, known: readonly string[]): Readonly<Record<string, unknown>> => {
  if (!isMap(value)) throw new Malformed(because('lock-expected', { what: 'map' }), pointer)
  const unknown = Object.keys(value).find((field) => !known.includes(field))
  if (unknown !== undefined) throw new Malformed(because('lock-field', { field: unknown }), pointer)
  return value
}

const list = (value: unknown, pointer: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw new Malformed(because('lock-expected', { what: 'list' }), pointer)
  return value
}

const text = (value: unknown, pointer: string): string => {
  if (typeof value !== 'string') throw new Malformed(because('lock-expected', { what: 'text' }), pointer)
  return value
}

const texts = (value: unknown, pointer: string): readonly string[] =>
  list(value, pointer).map((item, index) => text(item, `${pointer}/${index}`))

const digest = (value: unknown, pointer: string): string => {
  if (typeof value !== 'string' || !isDigest(value)) throw new Malformed(because('lock-digest'), pointer)
  return value
}

const bytes = (value: unknown, pointer: string): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Malformed(because('lock-expected', { what: 'bytes' }), pointer)
  return value
}
