import { parseReference } from '../../oci/reference.ts'
import { dumpYaml } from '../kubernetes/dump.ts'
import { type ImageList, type Place, pullAt } from './list.ts'

/** The source file of `skopeo sync --src yaml`: registry → repository → digests and tags. skopeo-sync(1). */
export const skopeoSync = ({ images, mirrors }: ImageList, place: Place): string => {
  const registries = new Map<string, Map<string, Set<string>>>()
  for (const image of images) {
    const parsed = parseReference(pullAt(image, mirrors, place))
    if (!parsed.ok) continue
    const { registry, repository, tag = 'latest', digest = tag } = parsed.reference
    const repositories = registries.get(registry) ?? new Map<string, Set<string>>()
    registries.set(
      registry,
      repositories.set(repository, (repositories.get(repository) ?? new Set<string>()).add(digest)),
    )
  }
  const content = Object.fromEntries(
    [...registries].map(([registry, repositories]) => [
      registry,
      { images: Object.fromEntries([...repositories].map(([repository, names]) => [repository, [...names]])) },
    ]),
  )
  return dumpYaml(content)
}
