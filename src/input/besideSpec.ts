import { because } from '../findings/because.ts'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, normalize, relative, resolve, sep } from 'node:path'
import { fileError, InputError } from '../errors.ts'
import { type Finding, finding } from '../findings/finding.ts'
import type { ExtraManifest } from '../plan/extraManifests/planExtraManifests.ts'
import type { UserFiles } from '../plan/makePlan.ts'
import type { RuntimeFile } from '../plan/runtimes.ts'
import type { SiteSpec } from '../spec/schema.ts'
import type { Placed, Spec } from '../spec/spec.ts'
import { pointerStep } from '../yaml/locate.ts'
import { readArchives } from './archives.ts'
import { checkName, manifestFolder, refuseKustomization, refuseOther } from './manifestFolder.ts'
import { readBytes, readText } from './readText.ts'

/**
 * Reads the files that a spec names: they stand beside it, or in folders below.
 *
 * @param spec - the spec
 * @param beside - its directory
 * @param bundle - where the bundle is written, if that is known
 */
export const readUserFiles = (
  { body, models, sites }: Spec,
  beside: string,
  bundle?: string,
): { files: UserFiles; findings: Finding[] } => {
  const findings: Finding[] = []
  const readEach = <T>(
    paths: readonly string[],
    pointerOf: (index: number) => string,
    code: 'runtime-path' | 'extra-manifest' | 'probe-file',
    read: (path: string) => T,
  ): T[] =>
    paths.flatMap((path, index) => {
      try {
        return [read(path)]
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        findings.push(
          finding(
            code,
            { path, why: because('said', { text: error.message.replace(/^cannot read .*?: /, '') }) },
            pointerOf(index),
          ),
        )
        return []
      }
    })
  const runtimes = readEach(
    body.runtimes ?? [],
    (index) => `/spec/runtimes/${index}`,
    'runtime-path',
    (path): RuntimeFile => ({ path, text: readText(besideSpec(beside, path), path) }),
  )
  const extraManifests = readEach(
    body.extraManifests ?? [],
    (index) => `/spec/extraManifests/${index}`,
    'extra-manifest',
    (path) => readManifest(beside, path, bundle),
  )
  const bodies = new Map<string, Uint8Array>()
  const probes = [...models, ...sites.flatMap(sitesModels)].flatMap(({ value, pointer }) =>
    (value.probes ?? []).map((probe, index) => ({ probe, pointer: `${pointer}/probes/${index}` })),
  )
  for (const { probe, pointer } of probes) {
    for (const [path, at] of [
      [probe.infer?.image, 'infer/image'],
      [probe.request?.bodyFile, 'request/bodyFile'],
    ] as const) {
      if (path === undefined || bodies.has(path)) continue
      const [content] = readEach(
        [path],
        () => `${pointer}/${at}`,
        'probe-file',
        () => readBytes(besideSpec(beside, path), path),
      )
      if (content !== undefined) bodies.set(path, content)
    }
  }
  const sources = [...models, ...sites.flatMap(sitesModels)].flatMap(({ value, pointer }) =>
    value.source === undefined ? [] : [{ source: value.source, pointer: `${pointer}/source` }],
  )
  const archives = readArchives(sources, (path) => ({
    file: besideSpec(beside, path),
    path: relative(beside, resolve(beside, path)).split(sep).join('/'),
  }))
  return {
    files: { runtimes, extraManifests, bodies, archives: archives.archives },
    findings: [...findings, ...archives.findings],
  }
}

/** The models of a site, with their places. */
const sitesModels = ({ value, pointer }: Placed<SiteSpec>) =>
  Object.entries(value.models ?? {}).flatMap(([name, model]) =>
    model === null ? [] : [{ value: model, pointer: `${pointer}/models${pointerStep(name)}` }],
  )

const readManifest = (beside: string, path: string, bundle: string | undefined): ExtraManifest => {
  const place = besideSpec(beside, path)
  const name = relative(beside, place).split(sep).join('/')
  if (name === '') throw new InputError('it is the folder of the spec itself')
  checkName(name)
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) {
    refuseKustomization(name)
    const text = readText(place, path)
    refuseOther(name)
    return { path: name, isFolder: false, files: [{ path: name, text }] }
  }
  const files = manifestFolder(place, bundle).map((file) => ({
    path: `${name}/${file}`,
    text: readText(besideSpec(beside, join(name, file)), join(path, file)),
  }))
  return { path: name, isFolder: true, files }
}

/** A path that stays in the spec's directory, symbolic links followed. */
const besideSpec = (beside: string, path: string): string => {
  const leaves = (from: string, to: string) =>
    isAbsolute(relative(from, to)) || relative(from, to).split(sep)[0] === '..'
  if (isAbsolute(path) || path.includes('\0') || leaves(beside, resolve(beside, normalize(path))))
    throw new InputError('it is not beside the spec')
  const file = resolve(beside, path)
  if (existsSync(file) && leaves(realpathSync(beside), realpathSync(file)))
    throw new InputError('it is a link to a place that is not beside the spec')
  try {
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat !== undefined && !stat.isFile() && !stat.isDirectory()) throw new InputError('it is no regular file')
    return file
  } catch (error) {
    throw fileError(error, `cannot read ${path}`)
  }
}
