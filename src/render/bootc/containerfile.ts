import compiled from '../../../bootc/Containerfile.hbs'
import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { type Comment, comment, type ContainerfileValue, containerfileValue } from '../quote.ts'
import { type Instructions, template } from '../write.ts'
import type { Snippet } from './snippets.ts'
import { bundleLayout } from '../../layout.ts'

const write = template<
  { name: Comment; archives: boolean; from: ContainerfileValue; snippets: readonly Instructions[] },
  Instructions
>(compiled)

/**
 * The Containerfile: the base image, and all snippets in their order.
 *
 * @param archives - whether models come from archives
 */
export const containerfile = ({ name, bootc }: Plan, snippets: readonly Snippet[], archives: boolean): File => ({
  path: bundleLayout.containerfile,
  content: write({
    name: comment(name),
    archives,
    from: containerfileValue(bootc.from),
    snippets: snippets.map(({ text }) => text),
  }),
})
