import { type Finding, finding, type Location } from '../findings/finding.ts'

/** A text of an object, the name that it goes by, and where it stands. */
export interface NamedText {
  readonly name: string
  readonly value: string
  readonly at: Location | string
}

/** Variables and options whose content is the key that clients of the server send. */
const apiKeyNames = /^(?:VLLM_)?API_?KEY$/i

/** Names that say that what they name is secret; those that name where or how it is found do not end so. */
const secretNames =
  /(?:^|_)(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|KEY|APIKEY|CREDENTIALS?|SECRETS?)$|(?:^|_)SECRET_(?!NAME|FILE|PATH|DIR|REF|ID|URL)/i

/** Texts that are a secret whatever they are called: keys of well-known makers, private keys, logins in addresses. */
const secretTexts =
  /\b(?:hf_[A-Za-z0-9]{20}|sk-[\w-]{20}|gh[opsru]_[A-Za-z0-9]{30}|github_pat_\w{20}|glpat-[\w-]{20}|AKIA[A-Z0-9]{16}\b|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.)|-----BEGIN [A-Z ]*PRIVATE KEY-----|^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/

/** What a name may be given that is no secret: nothing, a switch, a number, a path, or a variable from elsewhere. */
const harmless = /^(?:|true|false|none|null|auto|-?\d{1,6}|\/.*|\$\([\w.-]+\)|\{\{.*\}\})$/i

/**
 * Looks for secrets that are written out: manifests, device.json and the image build carry them, and everybody who has the
 * bundle reads them.
 *
 * @param texts - variables of the final containers that have a value of their own, and what `argumentTexts` makes of arguments
 */
export const checkSecretTexts = (texts: readonly NamedText[]): Finding[] =>
  texts.flatMap(({ name, value, at }) => {
    const plain = name.replace(/^-+/, '').replaceAll(/[-.]/g, '_')
    const place: Location = { ...(typeof at === 'string' ? { pointer: at } : at), secret: true }
    if (harmless.test(value.trim())) return []
    if (apiKeyNames.test(plain)) return [finding('api-key-written-out', { name }, place)]
    return secretNames.test(plain) || secretTexts.test(value) ? [finding('secret-written-out', { name }, place)] : []
  })

/**
 * The options among arguments, with what they are given: `--hf-token=TEXT`, `--hf-token TEXT` as one argument or as two; and other
 * arguments by their place.
 *
 * @param args - in their order, each with where it stands
 */
export const argumentTexts = (args: readonly Pick<NamedText, 'value' | 'at'>[]): NamedText[] =>
  args.flatMap(({ value: argument, at }, index) => {
    const [, name, given] = /^(--?[A-Za-z][\w.-]*)(?:[=\s]\s*([^]*))?$/.exec(argument) ?? []
    if (name === undefined) return [{ name: `argument ${index + 1}`, value: argument, at }]
    const next = args[index + 1]
    if (given !== undefined) return [{ name, value: given, at }]
    return next === undefined || next.value.startsWith('-') ? [] : [{ name, value: next.value, at: next.at }]
  })
