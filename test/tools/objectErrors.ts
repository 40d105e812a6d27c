import { crdValidator, type KserveKind, kserveKinds } from './crd.ts'
import { schemaErrors } from './schemaErrors.ts'
import { strictSchemas } from './strictSchemas.ts'

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const dnsLabel = new RegExp(`^${label}$`)
const dnsSubdomain = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`)
const labelValue = /^(?:(?=.{1,63}$)[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?)?$/
const anyName = /^(?!\.{1,2}$)[^/%]+$/

/** k8s.io/apimachinery pkg/api/validation/name.go; KServe's webhook for its own: a Service and a host get the name. */
const names: Readonly<Record<string, RegExp>> = {
  Namespace: dnsLabel,
  InferenceService: /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
  Role: anyName,
  RoleBinding: anyName,
}

const labelFields = ['labels', 'matchLabels', 'nodeSelector']
const keyedFields = [...labelFields, 'annotations']

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isQualifiedName = (key: string): boolean => {
  const [name = '', prefix, ...more] = key.split('/').reverse()
  return (
    more.length === 0 &&
    name !== '' &&
    labelValue.test(name) &&
    (prefix === undefined || dnsSubdomain.test(prefix.toLowerCase()))
  )
}

/**
 * What no object may have, whatever its kind: a key that starts with `_` (the Kubernetes client's types rename `from` so, and
 * a NetworkPolicy that says `_from` admits everyone), a value that is absent or no value of JSON, a name, label or key of a label or
 * an annotation that an API server refuses.
 *
 * @returns errors as `path: message`
 */
export const generalErrors = (object: unknown): string[] => {
  if (!isRecord(object)) return [': must be object']
  const { kind, metadata } = object
  const { name, namespace } = isRecord(metadata) ? metadata : {}
  return [
    ...(kind === 'Kustomization' || isName(name, names[String(kind)] ?? dnsSubdomain)
      ? []
      : [`/metadata/name: no name of a ${String(kind)}: ${JSON.stringify(name)}`]),
    ...(namespace === undefined || isName(namespace, dnsLabel)
      ? []
      : [`/metadata/namespace: no name of a Namespace: ${JSON.stringify(namespace)}`]),
    ...valueErrors(object, '', kind === 'ConfigMap' ? ['/data', '/binaryData'] : []),
  ]
}

const isName = (name: unknown, rule: RegExp): boolean => typeof name === 'string' && rule.test(name)

const valueErrors = (value: unknown, path: string, freeKeys: readonly string[]): string[] => {
  if (value === null || value === undefined) return [`${path}: is ${String(value)}`]
  if (Array.isArray(value)) return value.flatMap((item, index) => valueErrors(item, `${path}/${index}`, freeKeys))
  if (!isRecord(value)) return isJsonValue(value) ? [] : [`${path}: is no value of JSON`]
  const field = path.slice(path.lastIndexOf('/') + 1)
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const isFree = freeKeys.includes(path)
    return [
      ...(key.startsWith('_') && !isFree ? [`${place}: a key that starts with _`] : []),
      ...(keyedFields.includes(field) && !isFree && !isQualifiedName(key) ? [`${place}: no key of ${field}`] : []),
      ...(labelFields.includes(field) && !isFree && typeof inner === 'string' && !labelValue.test(inner)
        ? [`${place}: no value of a label: ${inner}`]
        : []),
      ...valueErrors(inner, place, freeKeys),
    ]
  })
}

const isJsonValue = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))

const strictValidators = new Map<string, (object: unknown) => string[]>()

const strictValidator = (kind: string) => {
  const schema = strictSchemas.get(kind)
  if (schema === undefined) return undefined
  const validator = strictValidators.get(kind) ?? schemaErrors(schema)
  strictValidators.set(kind, validator)
  return validator
}

/**
 * All that is wrong with an object that edge emits: by the CRD of an upstream release, or by a strict schema of its kind, and
 * by {@link generalErrors}.
 *
 * @param release - one of `upstreamReleases()`
 * @param isForeign - the user's own: a kind that there is no schema of is no error
 * @returns errors as `path: message`
 */
export const objectErrors = (release: string, object: unknown, isForeign = false): string[] => {
  const kind = isRecord(object) ? String(object['kind']) : ''
  const validator = kserveKinds.includes(kind as KserveKind)
    ? crdValidator(release, kind as KserveKind)
    : strictValidator(kind)
  return [...(validator?.(object) ?? (isForeign ? [] : [`/kind: edge emits no ${kind}`])), ...generalErrors(object)]
}
