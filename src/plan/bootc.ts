import { type Finding, finding } from '../findings/finding.ts'
import { parseReference, parseRegistryOrRepository } from '../oci/reference.ts'
import type { Payload } from '../payload/payload.ts'
import type { Spec } from '../spec/spec.ts'
import { pointerStep } from '../yaml/locate.ts'
import { controllerKey } from './checks.ts'
import { type ImageSources, resolvePlaceholder } from './images/sources.ts'
import type { PlannedBootc, PlannedBootcSites, PlannedMirror, WantedImage } from './plan.ts'

/** The base that MicroShift 4.19 to 4.21 run on. */
const defaultBase = 'registry.redhat.io/rhel9/rhel-bootc:9.6'
/** What dnf takes as a package and nothing else: no option, path, group, pattern or address. */
const packagePattern = /^[A-Za-z0-9][A-Za-z0-9._+~^:-]*$/
/** A release that RPMs can be pinned to. */
const releasePattern = /^\d[\w.~^+-]*$/

const siteWords = ['none', 'all'] as const
const fallbackWords = ['base', 'none'] as const

/**
 * Decides the image build. It is part of every bundle: without `spec.bootc` by the defaults of the contract.
 *
 * @param spec - the spec
 * @param payload - what the image must hold; without it nothing is decided, only checked
 */
export const planBootc = (
  spec: Spec,
  payload: Payload | undefined,
): { bootc?: PlannedBootc; findings: readonly Finding[] } => {
  const { from = defaultBase, install = true, packages = [], embed = {}, greenboot = true } = spec.body.bootc ?? {}
  const base = parseReference(from)
  const { sites, findings } = planSites(spec)
  const found = [
    ...(base.ok ? [] : [finding('bad-reference', { text: from, problem: base.problem }, '/spec/bootc/from')]),
    ...packages.flatMap((name, index) =>
      packagePattern.test(name) ? [] : [finding('bootc-package', { name }, `/spec/bootc/packages/${index}`)],
    ),
    ...findings,
  ]
  if (payload === undefined) return { findings: found }
  const { releaseInfo, microshift } = payload
  return {
    bootc: {
      from,
      install,
      ...(microshift !== undefined && releasePattern.test(microshift) ? { release: microshift } : {}),
      packages,
      embed: { core: embed.core ?? true, runtimes: embed.runtimes ?? true, models: embed.models ?? true },
      greenboot,
      sites,
      releaseInfo: { file: releaseInfo.file, base: releaseInfo.base, images: Object.fromEntries(releaseInfo.images) },
    },
    findings: found,
  }
}

const planSites = (spec: Spec): { sites: PlannedBootcSites; findings: readonly Finding[] } => {
  const { sites = 'none', siteFallback = 'base' } = spec.body.bootc ?? {}
  const known = spec.sites.map(({ value }) => value.name)
  const unknown = (name: string, words: readonly string[], field: string): Finding[] =>
    words.includes(name) || known.includes(name)
      ? []
      : [finding('bootc-unknown-site', { name, known, words }, `/spec/bootc/${field}`)]
  // Only what the spec says is ambiguous: what it leaves out has the meaning of the word.
  const ambiguous = (field: 'sites' | 'siteFallback', words: readonly string[]): Finding[] => {
    const name = spec.body.bootc?.[field]
    return name !== undefined && words.includes(name) && known.includes(name)
      ? [finding('bootc-ambiguous-site', { name, field }, `/spec/bootc/${field}`)]
      : []
  }
  const findings = [
    ...unknown(sites, siteWords, 'sites'),
    ...unknown(siteFallback, fallbackWords, 'siteFallback'),
    ...ambiguous('sites', siteWords),
    ...ambiguous('siteFallback', fallbackWords),
  ]
  if (sites === 'all')
    return { sites: known.length === 0 ? { mode: 'none' } : { mode: 'all', fallback: siteFallback }, findings }
  if (spec.body.bootc?.siteFallback !== undefined)
    findings.push(
      finding('bootc-fallback-unused', { fallback: siteFallback }, { pointer: '/spec/bootc/siteFallback', on: 'key' }),
    )
  return { sites: sites === 'none' ? { mode: 'none' } : { mode: 'one', site: sites }, findings }
}

/**
 * Where devices find registries and repositories.
 *
 * @param mirrors - `spec.mirrors`
 */
export const planMirrors = (
  mirrors: Readonly<Record<string, string>>,
): { mirrors: PlannedMirror[]; findings: readonly Finding[] } => ({
  mirrors: Object.entries(mirrors).map(([prefix, location]) => ({ prefix, location })),
  findings: Object.entries(mirrors).flatMap(([prefix, location]) => {
    const pointer = `/spec/mirrors${pointerStep(prefix)}`
    return [
      ...checkMirror(prefix).map((args) => finding('bad-mirror', args, { pointer, on: 'key' as const })),
      ...checkMirror(location).map((args) => finding('bad-mirror', args, pointer)),
    ]
  }),
})

const checkMirror = (text: string) => {
  const parsed = parseRegistryOrRepository(text)
  if (!parsed.ok) return [{ text, problem: parsed.problem }]
  const { tag, digest } = parsed.reference
  return tag === undefined && digest === undefined ? [] : [{ text }]
}

/**
 * The images of KServe's beside its controller, with `embed: {kserve: all}`: what its configuration names for pods with
 * loggers, batchers, other storage or authentication. Without those none of them runs: facts/kserve.md, which images.
 *
 * @param sources - spec.images has its say where the spec changes KServe's configuration: else nothing carries it there
 */
export const kserveImages = (
  { body }: Spec,
  { releaseInfo }: Payload,
  sources: ImageSources,
): { images: WantedImage[]; asked: readonly string[]; findings: readonly Finding[] } => {
  if (body.bootc?.embed?.kserve !== 'all') return { images: [], asked: [], findings: [] }
  const own = body.kserve?.config === undefined ? { ...sources, overrides: new Map<string, string>() } : sources
  const resolved = [...releaseInfo.images.keys()]
    .filter((key) => key !== controllerKey && /^(?:kserve-.*|oauth-proxy|kube-rbac-proxy)$/.test(key))
    .map((key) => ({
      why: `KServe (${key})`,
      ...resolvePlaceholder(
        key,
        `KServe (${key})`,
        { file: releaseInfo.file, pointer: `/images${pointerStep(key)}` },
        own,
      ),
    }))
  return {
    images: resolved.flatMap(({ reference, why }) => (reference === undefined ? [] : [{ reference, why }])),
    asked: body.kserve?.config === undefined ? [] : resolved.flatMap(({ asked }) => asked),
    findings: resolved.flatMap(({ findings }) => findings),
  }
}
