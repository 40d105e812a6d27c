import type { EmbeddedImage } from '../../views/embed.ts'
import type { PlannedMirror } from '../../plan/plan.ts'
import { tomlQuote } from '../quote.ts'
import { joined, type Toml, toml } from '../write.ts'

/** A drop-in for containers-registries.conf: where images are found; the place that their name says is asked last. */
export const registries = (mirrors: readonly PlannedMirror[]): Toml =>
  joined(
    mirrors.map(({ prefix: registry, location: mirror }) => {
      const prefix = tomlQuote(registry)
      const location = tomlQuote(mirror)
      return toml`[[registry]]\nprefix = ${prefix}\nlocation = ${prefix}\n\n[[registry.mirror]]\nlocation = ${location}\n`
    }),
    '\n',
  )

/** A drop-in for CRI-O: the kubelet's garbage collection leaves these images alone. facts/microshift.md, known problems. */
export const pinnedImages = (images: readonly EmbeddedImage[]): Toml => {
  // CRI-O knows an image that has both a tag and a digest by its digest.
  const names = [...new Set(images.flatMap(({ reference, pull }) => [reference, pull]))]
  const items = joined(names.map((name) => toml`  ${tomlQuote(name)},\n`))
  return toml`# Images that the device cannot get again without a network.\n[crio.image]\npinned_images = [\n${items}]\n`
}
