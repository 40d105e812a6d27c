/**
 * The grammar of image references as distribution/reference has it (the comment at the top of its reference.go), read
 * character by character: a second opinion on the parser that is tested, which uses regular expressions.
 *
 * @returns whether `[HOST[:PORT]/]PATH[:TAG][@DIGEST]` is a reference
 */
export const distributionAccepts = (text: string): boolean => {
  const at = text.indexOf('@')
  const digest = at === -1 ? undefined : text.slice(at + 1)
  const named = at === -1 ? text : text.slice(0, at)
  if (digest !== undefined && !isDigest(digest)) return false

  const parts = named.split('/')
  const last = parts.pop() ?? ''
  const colon = last.indexOf(':')
  // A tag stands behind the last component alone; a colon in the first of several is a port's.
  if (colon !== -1 && !isTag(last.slice(colon + 1))) return false
  const components = [...parts, colon === -1 ? last : last.slice(0, colon)]
  const [first = '', ...rest] = components
  if (rest.length > 0 && isDomain(first) && rest.every(isComponent)) return rest.join('/').length <= 255
  return components.every(isComponent) && components.join('/').length <= 255
}

const isOneOf = (ranges: string) => (character: string) => ranges.includes(character)
const digits = '0123456789'
const lowerCase = 'abcdefghijklmnopqrstuvwxyz'
const isDigit = isOneOf(digits)
const isAlphanumeric = isOneOf(lowerCase + lowerCase.toUpperCase() + digits)
const isLowerAlphanumeric = isOneOf(lowerCase + digits)
const every = (text: string, is: (character: string) => boolean) => text !== '' && text.split('').every(is)

const isDomain = (text: string): boolean => {
  if (text.startsWith('[')) {
    const end = text.indexOf(']')
    if (end === -1) return false
    const port = text.slice(end + 1)
    return (
      every(text.slice(1, end), isOneOf('abcdefABCDEF0123456789:')) &&
      (port === '' || (port.startsWith(':') && every(port.slice(1), isDigit)))
    )
  }
  const [name = '', ...ports] = text.split(':')
  return ports.length < 2 && ports.every((port) => every(port, isDigit)) && name.split('.').every(isDomainComponent)
}

const isDomainComponent = (text: string): boolean =>
  every(text, (character) => isAlphanumeric(character) || character === '-') &&
  !text.startsWith('-') &&
  !text.endsWith('-')

/** alpha-numeric [separator alpha-numeric]*; a separator is a dot, one or two underscores, or hyphens. */
const isComponent = (text: string): boolean => {
  let separator = ''
  let behindAlphanumeric = false
  for (const character of text) {
    if (!isLowerAlphanumeric(character)) {
      if (!behindAlphanumeric && separator === '') return false
      separator += character
      behindAlphanumeric = false
      continue
    }
    if (
      separator !== '' &&
      separator !== '.' &&
      separator !== '_' &&
      separator !== '__' &&
      !every(separator, (one) => one === '-')
    )
      return false
    separator = ''
    behindAlphanumeric = true
  }
  return behindAlphanumeric
}

const isTag = (text: string): boolean =>
  text.length <= 128 &&
  every(text, (character) => isAlphanumeric(character) || isOneOf('_.-')(character)) &&
  !text.startsWith('.') &&
  !text.startsWith('-')

/** The algorithms that are registered, each with digits of its own number, in lower case. */
const isDigest = (text: string): boolean => {
  const lengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }
  const [algorithm = '', hex = '', ...more] = text.split(':')
  return more.length === 0 && hex.length === lengths[algorithm] && every(hex, isOneOf('abcdef0123456789'))
}
