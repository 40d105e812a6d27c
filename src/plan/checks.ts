import { because } from '../findings/because.ts'
import { hasHidden } from '../basics/visible.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { words } from '../findings/words.ts'
import type { Spec } from '../spec/spec.ts'
import { pointerStep, pointerWords } from '../yaml/locate.ts'
import type { ImageSources } from './images/sources.ts'
import type { PlannedEndpoint, PlannedModel, PlannedRuntime } from './plan.ts'
import type { AvailableRuntime, RuntimeFile } from './runtimes.ts'

/** Key of KServe's controller in the release-info. */
export const controllerKey = 'kserve-controller'

/** Namespaces where a bundle's objects would meet others'. */
export const checkNamespace = ({ namespace, body }: Spec): Finding[] => {
  const why =
    namespace === 'redhat-ods-applications'
      ? because('payloads-namespace')
      : /^(?:kube|openshift)-/.test(namespace)
        ? because('clusters-namespace')
        : undefined
  return why === undefined
    ? []
    : [
        finding(
          'reserved-namespace',
          { namespace, why },
          body.namespace === undefined ? '/metadata/name' : '/spec/namespace',
        ),
      ]
}

/** A base domain that says `apps.` twice. */
export const checkBaseDomain = ({ baseDomain, body }: Spec): Finding[] =>
  body.baseDomain !== undefined && baseDomain.startsWith('apps.')
    ? [finding('base-domain-apps', { baseDomain }, '/spec/baseDomain')]
    : []

/** Names and hosts that two models share. */
export const checkTwice = (
  spec: Spec,
  models: readonly { readonly model: PlannedModel; readonly pointer: string }[],
  endpoints: readonly PlannedEndpoint[],
): Finding[] => {
  const names = new Map<string, string>()
  const hosts = new Map<string, string>()
  return [
    ...spec.models.flatMap(({ value: { name }, pointer }) => {
      const first = names.get(name)
      names.set(name, first ?? pointer)
      return first === undefined
        ? []
        : [finding('duplicate-model', { name, first: pointerWords(first) }, `${pointer}/name`)]
    }),
    ...models.flatMap(({ model: { name, route }, pointer }) => {
      if (route === undefined) return []
      const host = route.host.value
      const first = hosts.get(host)
      hosts.set(host, first ?? name)
      return first === undefined || first === name
        ? []
        : [finding('duplicate-host', { host, first }, `${pointer}/expose/host`)]
    }),
    ...endpoints.flatMap(({ name, route }) => {
      const host = route.host.value
      const first = hosts.get(host)
      hosts.set(host, first ?? name)
      const place = spec.endpoints.find(({ value }) => value.name === name)?.pointer ?? '/spec/endpoints'
      return first === undefined ? [] : [finding('duplicate-host', { host, first }, `${place}/expose/host`)]
    }),
  ]
}

/** Files of the user's whose ServingRuntimes no model uses. */
export const unusedFiles = (
  files: readonly RuntimeFile[],
  available: readonly AvailableRuntime[],
  used: readonly PlannedRuntime[],
): Finding[] =>
  files.flatMap(({ path }, index) => {
    const holdsSome = available.some(({ own, file }) => own && file === path)
    const isUsed = used.some(({ from }) => from === path)
    return holdsSome && !isUsed ? [finding('runtime-file-unused', { path }, `/spec/runtimes/${index}`)] : []
  })

/**
 * Replacements in spec.images that nothing asked for.
 *
 * @param asked - everything that they could have replaced
 */
export const unusedOverrides = ({ overrides, releaseInfo }: ImageSources, asked: ReadonlySet<string>): Finding[] =>
  [...overrides.keys()]
    .filter((key) => !asked.has(key))
    .map((key) =>
      finding(
        'image-override-unused',
        { key, known: [...asked], controller: key === controllerKey || key === releaseInfo.get(controllerKey) },
        { pointer: `/spec/images${pointerStep(key)}`, on: 'key' },
      ),
    )

/** Leaves out the warnings that the spec knows and accepts; an error cannot be ignored. */
export const acceptIgnored = (spec: Spec, findings: readonly Finding[]): Finding[] => {
  const ignore = spec.body.validate?.ignore ?? []
  const warnings = Object.entries(words)
    .filter(([, { severity }]) => severity === 'warning')
    .map(([code]) => code)
  const unknown = ignore.flatMap(({ id }, index) =>
    warnings.includes(id)
      ? []
      : [
          finding(
            'ignore-unknown',
            { id, known: warnings, isError: Object.hasOwn(words, id) },
            `/spec/validate/ignore/${index}/id`,
          ),
        ],
  )
  const ignored = new Set<string>(ignore.map(({ id }) => id))
  return [...findings.filter(({ code, severity }) => severity === 'error' || !ignored.has(code)), ...unknown]
}

/** A Secret is made from a file of the device: its place is absolute there. */
export const checkSecrets = ({ body }: Spec): Finding[] =>
  (body.secrets ?? []).flatMap(({ deviceFile }, index) =>
    /^\/[^\\]*[^/\\]$/.test(deviceFile) && !hasHidden(deviceFile) && !deviceFile.split('/').includes('..')
      ? []
      : [finding('secret-path', { path: deviceFile }, `/spec/secrets/${index}/deviceFile`)],
  )
