import type { Plan, PlannedModel, PlannedSite } from '../plan/plan.ts'
import { meaning } from '../probes/meaning.ts'
import ask from '../probes/jq/ask.jq'
import judge from '../probes/jq/judge.jq'
import mask from '../probes/jq/mask.jq'
import models from '../probes/jq/models.jq'
import shape from '../probes/jq/shape.jq'
import shapes from '../probes/jq/shape.json' with { type: 'json' }
import words from '../probes/jq/words.jq'
import type { Body } from '../probes/probe.ts'
import type { File } from './file.ts'
import { makeMergePatch } from '../basics/mergePatch.ts'
import { comment, shellQuote } from './quote.ts'
import verifyScript from './verify.sh'
import { type Script, script } from './write.ts'
import { bundleLayout } from '../layout.ts'

/** The probes of the bundle: as data, and as scripts that need curl and jq alone. */
export function* probes(plan: Plan): Iterable<File> {
  const entries = new Map(plan.models.map((model) => [model.name, entry(model)]))
  const names = new Set([...entries.keys(), ...plan.sites.flatMap(({ models }) => models.map(({ name }) => name))])
  const document = {
    apiVersion: 'edge.microshift.dev/v1alpha1',
    kind: 'Probes',
    name: plan.name,
    namespace: plan.namespace,
    baseDomain: plan.baseDomain.value,
    ...(plan.site === undefined ? {} : { site: plan.site }),
    models: [...entries.values()],
    sites: Object.fromEntries(plan.sites.map((site) => [site.name, siteDelta(site, entries)])),
    ...meaning,
  }
  yield { path: bundleLayout.probes, content: `${JSON.stringify(document, undefined, 1)}\n` }
  yield { path: bundleLayout.verifyScript, content: verifyScript, executable: true }
  for (const [name, content] of Object.entries({ ask, judge, mask, models, shape, words }))
    yield { path: bundleLayout.verifyProgram(`${name}.jq`), content }
  yield { path: bundleLayout.verifyProgram('shape.json'), content: `${JSON.stringify(shapes)}\n` }
  for (const name of names) yield { path: bundleLayout.modelScript(name), content: modelScript(name), executable: true }

  const written = new Set<string>()
  for (const { bodies } of [...plan.models, ...plan.sites.flatMap(({ models }) => models)].map(
    (model) => model.probes,
  )) {
    for (const body of bodies) {
      if (!written.has(body.file)) yield { path: bundleLayout.probeBody(body.file), content: joined(body) }
      written.add(body.file)
    }
  }
}

const modelScript = (name: string): Script => script`#!/bin/sh
# Asks the model ${comment(name)} alone; the options are those of verify.sh.
exec sh "$(dirname -- "$(readlink -f -- "$0" 2>/dev/null || printf '%s' "$0")")/verify.sh" --model ${shellQuote(name)} "$@"
`

/** A model as probes.json has it. The host is made of a label and the site's base domain, where the spec gives none. */
const entry = ({
  name,
  probes: { server, scheme, probes },
  facts,
  apiKeySecret,
  route,
}: PlannedModel): Readonly<Record<string, unknown>> => ({
  name,
  server,
  scheme,
  port: facts.port.port,
  replicas: facts.replicas.max,
  ...(apiKeySecret === undefined ? {} : { apiKey: true }),
  ...(route === undefined
    ? {}
    : {
        route: {
          scheme: route.tls.value === 'none' ? 'http' : 'https',
          ...(route.hostLabel === undefined ? { host: route.host.value } : { label: route.hostLabel }),
          ...(route.path === undefined ? {} : { path: route.path.value }),
        },
        ...(route.allowFrom === undefined ? {} : { limited: true }),
      }),
  probes,
})

/** What a site changes: its base domain, and a JSON merge patch for each model that differs; null for one that it has not. */
const siteDelta = (site: PlannedSite, base: ReadonlyMap<string, Readonly<Record<string, unknown>>>): object => {
  const models: Record<string, unknown> = Object.fromEntries(site.dropped.map((name) => [name, null]))
  for (const model of site.models) {
    const patch = makeMergePatch(base.get(model.name) ?? {}, entry(model))
    if (patch !== undefined) models[model.name] = patch
  }
  return {
    ...(site.baseDomain === undefined ? {} : { baseDomain: site.baseDomain.value }),
    ...(Object.keys(models).length === 0 ? {} : { models }),
  }
}

const joined = ({ parts }: Body): string | Uint8Array => {
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  const encoder = new TextEncoder()
  const bytes = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part))
  const all = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0))
  bytes.reduce((offset, part) => {
    all.set(part, offset)
    return offset + part.length
  }, 0)
  return all
}
