import files from 'virtual:bootc-files'
import buildTemplate from '../../../bootc/build.sh.hbs'
import kickstartTemplate from '../../../bootc/kickstart-storage.ks.hbs'
import { budgetOf } from '../../views/budget.ts'
import { embeddedImages } from '../../views/embed.ts'
import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { shellQuote } from '../quote.ts'
import { containerfile } from './containerfile.ts'
import { rootfs } from './rootfs.ts'
import { snippets } from './snippets.ts'

/**
 * The image build: a Containerfile that stands alone, the same instructions as snippets, the script that calls a builder, and
 * what it puts on the device.
 */
export function* bootc(plan: Plan): Iterable<File> {
  const device = [...rootfs(plan)]
  const parts = snippets(plan, device)
  const archives = [...new Set(embeddedImages(plan).flatMap(({ pullFrom }) => pullFrom?.archive ?? []))]
  yield containerfile(plan, parts, archives.length > 0)
  for (const { name, text } of parts) yield { path: `bootc/snippets/${name}.containerfile`, content: text }
  yield {
    path: 'bootc/build.sh',
    content: buildTemplate({ name: plan.name, archives: archives.map(shellQuote).join(' ') }),
    executable: true,
  }
  for (const script of ['check-release', 'embed-image'])
    yield { path: `bootc/${script}`, content: files[script] ?? '', executable: true }
  yield {
    path: 'bootc/kickstart-storage.ks',
    content: kickstartTemplate({ name: plan.name, known: false, ...storage(plan) }),
  }
  const { base, images } = plan.bootc.releaseInfo
  yield { path: 'bootc/release-info.json', content: `${JSON.stringify({ release: { base }, images }, undefined, 2)}\n` }
  for (const { path, ...file } of device) yield { path: `bootc/rootfs/${path}`, ...file }
}

/** What the embedded images take, in MiB; empty where a size is not known. */
const storage = (plan: Plan): { embedded: string; largest: string } => {
  const budget = budgetOf(embeddedImages(plan))
  const mebibytes = (bytes: number) => String(Math.ceil(bytes / 2 ** 20))
  return budget === undefined || budget.unknown.length > 0
    ? { embedded: '', largest: '' }
    : { embedded: mebibytes(budget.allArchitectures), largest: mebibytes(budget.largest) }
}
