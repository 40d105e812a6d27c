import type { CheckResult } from './result.ts'

/** What stands in the place of a secret. */
export const mask = '***'
/** A shorter text is no secret, and would be found everywhere. */
const shortest = 4

/** Header fields whose values are credentials. */
const credentials = /^(?:authorization|proxy-authorization|cookie|x-api-key|api-key|x-auth-token)$/i

/** The secrets in the header fields of a request: values, and what stands behind `Bearer` or `Basic`. */
export const secretsOfHeaders = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers)
    .filter(([name]) => credentials.test(name))
    .flatMap(([, value]) => [value.trim(), value.trim().replace(/^\S+\s+/, '')])

/**
 * Takes secrets out of a text of others, also as JSON, URLs and base64 write them: a server may send back what it was sent. Of
 * a text that was cut, with `…` at its end, what may be the beginning of a secret goes too.
 *
 * @param text - what is to be shown
 * @param secrets - what was sent
 */
export const maskSecrets = (text: string, secrets: readonly string[]): string => {
  // The longest first: one secret may be a part of another.
  const forms = [...new Set(secrets.filter(({ length }) => length >= shortest).flatMap(formsOf))].sort(
    (a, b) => b.length - a.length,
  )
  const masked = forms.reduce((rest, form) => rest.replaceAll(form, mask), text)
  if (!masked.endsWith('…')) return masked
  const cut = Math.max(0, ...forms.map((form) => beginningAtEnd(masked.slice(0, -1), form)))
  return cut === 0 ? masked : `${masked.slice(0, -1 - cut)}${mask}…`
}

/** How many characters at the end of a text are the beginning of a form; 0 for too few to be one. */
const beginningAtEnd = (text: string, form: string): number => {
  for (let length = Math.min(form.length - 1, text.length); length >= shortest; length--)
    if (text.endsWith(form.slice(0, length))) return length
  return 0
}

/** A result in which no text of others repeats a secret. */
export const maskResult = (result: CheckResult, secrets: readonly string[]): CheckResult => {
  const { failure } = result
  if (failure === undefined || secrets.length === 0) return result
  return { ...result, failure: { ...failure, came: maskSecrets(failure.came, secrets) } }
}

/** How a secret may be written. */
const formsOf = (secret: string): string[] => {
  const percent = encodeURIComponent(secret)
  const lowerPercent = percent.replaceAll(/%../g, (escape) => escape.toLowerCase())
  return [secret, JSON.stringify(secret).slice(1, -1), percent, lowerPercent, ...base64Forms(secret)]
}

/**
 * The characters of base64 that hold a secret's bytes alone, for each of the three places that it can begin at (`user:secret`
 * moves it), in both alphabets.
 */
const base64Forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((before) => {
    const first = Math.ceil((before * 8) / 6)
    const end = Math.floor(((before + bytes.length) * 8) / 6)
    const form = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(first, end)
    return form.length < shortest ? [] : [form, form.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
