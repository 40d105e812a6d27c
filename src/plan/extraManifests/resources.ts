import { mapOf } from '../../basics/maps.ts'
import type { ExtraManifest, UserTree } from './userFiles.ts'

const isYaml = (path: string): boolean => /\.(ya?ml|json)$/i.test(path)
const isBelow = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`)

/**
 * What the directory's kustomization could list: of a folder those folders in it that have a kustomization, and the files that
 * belong to none. A kustomization says itself what it takes of what is below it. A component is a part of others: nothing can
 * build it by itself.
 */
export const candidatesOf = (manifests: readonly ExtraManifest[], tree: UserTree): string[] => {
  const { kustomizations } = tree
  const isComponent = (file: string) => mapOf(tree.documents(file)[0])['kind'] === 'Component'
  const isInside = (path: string, below: string) =>
    kustomizations.some(({ folder }) => isBelow(folder, below) && isBelow(path, folder))
  return [
    ...new Set(
      manifests.flatMap(({ path, files, isFolder }) => {
        if (!isFolder) return [path]
        const own = kustomizations.find(({ folder }) => folder === path)
        if (own !== undefined) return isComponent(own.file) ? [] : [path]
        const folders = kustomizations
          .filter(({ folder, file }) => isBelow(folder, path) && !isInside(folder, path) && !isComponent(file))
          .map(({ folder }) => folder)
        return [...files.map((file) => file.path).filter((file) => isYaml(file) && !isInside(file, path)), ...folders]
      }),
    ),
  ]
}
