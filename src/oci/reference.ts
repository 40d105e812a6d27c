/** An image reference in parts, as the distribution project's grammar has them. */
export interface ImageReference {
  /** Host and port: `quay.io`, `mirror.local:5000`, `[fd00::1]:5000`. */
  readonly registry: string
  /** Path below the registry: `modh/vllm`. */
  readonly repository: string
  readonly tag?: string
  /** With its algorithm: `sha256:…`. */
  readonly digest?: string
}

/** Why a text is no reference. Words: `findings/words.ts`, code `bad-reference`. */
export type ReferenceProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'characters' }
  | { readonly kind: 'scheme'; readonly scheme: string }
  | { readonly kind: 'no-registry' }
  | { readonly kind: 'registry'; readonly registry: string }
  | { readonly kind: 'port'; readonly port: string }
  | { readonly kind: 'no-repository' }
  | { readonly kind: 'capitals'; readonly repository: string }
  | { readonly kind: 'repository'; readonly component: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'digest'; readonly digest: string }

export type ReferenceResult =
  { readonly ok: true; readonly reference: ImageReference } | { readonly ok: false; readonly problem: ReferenceProblem }

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
const hostPattern = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9a-fA-F:]{2,39}\\])$`)
const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagPattern = /^\w[\w.-]{0,127}$/
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/
/** Longest repository name, registry included, that the distribution grammar takes. */
const longestName = 255

/**
 * Parses an image reference strictly: the registry is required (CRI-O on a device resolves no short names without a
 * network), a digest must be a whole sha256 or sha512. Grammar: distribution/reference, `reference.go` and `regexp.go`.
 *
 * @param text - `REGISTRY[:PORT]/REPOSITORY[:TAG][@DIGEST]`
 */
export const parseReference = (text: string): ReferenceResult => {
  const fail = (problem: ReferenceProblem): ReferenceResult => ({ ok: false, problem })
  if (text === '') return fail({ kind: 'empty' })
  if (!/^[\x21-\x7e]+$/.test(text)) return fail({ kind: 'characters' })
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)
  if (scheme?.[1] !== undefined) return fail({ kind: 'scheme', scheme: scheme[1] })

  const [named = '', ...digests] = text.split('@')
  const digest = digests.length === 0 ? undefined : digests.join('@')

  const slash = named.indexOf('/')
  const registry = slash === -1 ? '' : named.slice(0, slash)
  if (slash === -1 || !looksLikeRegistry(registry)) return fail({ kind: 'no-registry' })
  const rest = named.slice(slash + 1)
  const colon = rest.lastIndexOf(':')
  const tag = colon > rest.lastIndexOf('/') ? rest.slice(colon + 1) : undefined
  const repository = tag === undefined ? rest : rest.slice(0, colon)

  const registryProblem = checkRegistry(registry)
  if (registryProblem !== undefined) return fail(registryProblem)
  if (repository === '') return fail({ kind: 'no-repository' })
  if (registry.length + 1 + repository.length > longestName) return fail({ kind: 'too-long' })
  if (/[A-Z]/.test(repository)) return fail({ kind: 'capitals', repository })
  const bad = repository.split('/').find((component) => !componentPattern.test(component))
  if (bad !== undefined) return fail({ kind: 'repository', component: bad })
  if (tag !== undefined && !tagPattern.test(tag)) return fail({ kind: 'tag', tag })
  if (digest !== undefined && !isDigest(digest)) return fail({ kind: 'digest', digest })
  return {
    ok: true,
    reference: {
      registry,
      repository,
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    },
  }
}

/**
 * Parses the name of a registry, or of a repository in one: `quay.io`, `mirror.local:5000/rh`.
 *
 * @param text - `REGISTRY[:PORT][/REPOSITORY]`; a tag or a digest is parsed too
 */
export const parseRegistryOrRepository = (text: string): ReferenceResult =>
  // A registry alone is checked as the registry of some repository.
  parseReference(text === '' || text.includes('/') ? text : `${text}/some`)

/** The first component is a registry when it could not be part of a repository: a dot, a port, `localhost`, IPv6. */
const looksLikeRegistry = (first: string): boolean =>
  first === 'localhost' || /[.:[\]]/.test(first) || /[A-Z]/.test(first)

const checkRegistry = (registry: string): ReferenceProblem | undefined => {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(registry) ?? []
  if (!hostPattern.test(host)) return { kind: 'registry', registry }
  if (port === undefined) return undefined
  return /^[0-9]{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535 ? undefined : { kind: 'port', port }
}

/** Whether a text is a whole digest: `sha256:` or `sha512:` and its lower-case hexadecimal digits. */
export const isDigest = (text: string): boolean => digestPattern.test(text)

/**
 * What a registry is asked for: by the digest alone where there is one, since skopeo refuses a tag together with a digest.
 *
 * @param reference - a reference
 * @param digest - its digest, where it is known otherwise
 */
export const pullReference = ({ registry, repository, tag, digest: own }: ImageReference, digest = own): string =>
  formatReference({ registry, repository, ...(digest === undefined ? (tag === undefined ? {} : { tag }) : { digest }) })

/** The reference as text, exactly as it was parsed. */
export const formatReference = ({ registry, repository, tag, digest }: ImageReference): string =>
  `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`

/**
 * Whether the kubelet would ask the registry at each start of the pod, so that an embedded image is no use offline:
 * the tag `latest`, with or without a digest, or neither tag nor digest.
 * Source: Kubernetes' SetDefaults_Container and parsers.ParseImageName; facts/microshift.md, known problems.
 */
export const isPulledAlways = ({ tag, digest }: ImageReference): boolean =>
  tag === 'latest' || (tag === undefined && digest === undefined)
