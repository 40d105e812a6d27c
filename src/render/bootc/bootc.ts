import files from 'virtual:bootc-files'
import buildTemplate from '../../../bootc/build.sh.hbs'
import kickstartTemplate from '../../../bootc/kickstart-storage.ks.hbs'
import { budgetOf } from '../../views/budget.ts'
import { embeddedImages } from '../../views/embed.ts'
import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { type Comment, comment, shellQuote, type ShellWord } from '../quote.ts'
import { type Kickstart, type Script, template } from '../write.ts'
import { containerfile } from './containerfile.ts'
import { rootfs } from './rootfs.ts'
import { snippets } from './snippets.ts'
import { bundleLayout } from '../../layout.ts'

const buildScript = template<{ name: Comment; tag: ShellWord; archives: readonly ShellWord[] }, Script>(buildTemplate)
const kickstart = template<{ name: Comment; embedded?: number; largest?: number }, Kickstart>(kickstartTemplate)

/**
 * The image build: a Containerfile that stands alone, the same instructions as snippets, the script that calls a builder, and
 * what it puts on the device.
 */
export function* bootc(plan: Plan): Iterable<File> {
  const device = [...rootfs(plan)]
  const parts = snippets(plan, device)
  const archives = [...new Set(embeddedImages(plan).flatMap(({ pullFrom }) => pullFrom?.archive ?? []))]
  yield containerfile(plan, parts, archives.length > 0)
  for (const { name, text } of parts) yield { path: bundleLayout.snippet(name), content: text }
  yield {
    path: bundleLayout.imageBuild('build.sh'),
    content: buildScript({
      name: comment(plan.name),
      tag: shellQuote(`localhost/${plan.name}:latest`),
      archives: archives.map(shellQuote),
    }),
    executable: true,
  }
  for (const script of ['check-release', 'embed-image'])
    yield { path: bundleLayout.imageBuild(script), content: files[script] ?? '', executable: true }
  yield {
    path: bundleLayout.imageBuild('kickstart-storage.ks'),
    content: kickstart({ name: comment(plan.name), ...storage(plan) }),
  }
  const { base, images } = plan.bootc.releaseInfo
  yield {
    path: bundleLayout.imageBuild('release-info.json'),
    content: `${JSON.stringify({ release: { base }, images }, undefined, 2)}\n`,
  }
  for (const { path, ...file } of device) yield { path: bundleLayout.rootfs(path), ...file }
}

/** What the embedded images take, in MiB; nothing where a size is not known. */
const storage = (plan: Plan): { embedded?: number; largest?: number } => {
  const budget = budgetOf(embeddedImages(plan))
  const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  return budget === undefined || budget.unknown.length > 0
    ? {}
    : { embedded: mebibytes(budget.allArchitectures), largest: mebibytes(budget.largest) }
}
