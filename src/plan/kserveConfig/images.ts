import type { Finding } from '../../findings/finding.ts'
import type { KserveConfig } from '../../payload/kserveConfig.ts'
import { pointerStep } from '../../yaml/locate.ts'
import type { ImageSources } from '../images/sources.ts'
import { checkImage } from './checkPatch.ts'

/**
 * Puts the replacements of spec.images where the configuration names an image: by the key that stands for it
 * (`kserve-agent`), or by its reference. All else in the texts stays.
 */
export const replaceImages = (
  data: ReadonlyMap<string, string>,
  config: KserveConfig,
  { overrides, releaseInfo }: ImageSources,
): { data: Readonly<Record<string, string>>; asked: readonly string[]; findings: readonly Finding[] } => {
  const replacements = new Map<string, { key: string; image: string }>()
  // A key wins over a reference, as it does for runtimes.
  for (const [key, image] of overrides)
    if (!config.variables.has(key)) replacements.set(JSON.stringify(key), { key, image })
  for (const [key, image] of overrides)
    for (const reference of [releaseInfo.get(key), config.variables.get(key)])
      if (reference !== undefined) replacements.set(JSON.stringify(reference), { key, image })

  const used = new Map<string, string>()
  const replace = (text: string): string =>
    text.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, (token) => {
      const found = replacements.get(token)
      if (found === undefined) return token
      used.set(found.key, found.image)
      return JSON.stringify(found.image)
    })
  const replaced = Object.fromEntries(
    [...data].map(([key, text]) => [key, replacements.size === 0 ? text : replace(text)]),
  )
  return {
    data: replaced,
    asked: [...used.keys()],
    findings: [...used].flatMap(([key, image]) =>
      checkImage(image, "KServe's configuration", `/spec/images${pointerStep(key)}`),
    ),
  }
}
