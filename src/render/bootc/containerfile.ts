import template from '../../../bootc/Containerfile.hbs'
import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { containerfileValue } from '../quote.ts'
import type { Snippet } from './snippets.ts'

/**
 * The Containerfile: the base image, and all snippets in their order.
 *
 * @param archives - whether models come from archives
 */
export const containerfile = ({ name, bootc }: Plan, snippets: readonly Snippet[], archives: boolean): File => ({
  path: 'bootc/Containerfile',
  content: template({
    name,
    archives,
    from: containerfileValue(bootc.from),
    snippets: snippets.map(({ text }) => text.trimEnd()),
  }),
})
