import { writeBundle } from '../bundle/write.ts'
import { collectFiles, manifestName } from '../bundle/manifest.ts'
import { InputError } from '../errors.ts'
import type { InputOptions } from '../input/load.ts'
import { toolVersion } from '../packaged.ts'
import { render } from '../render/render.ts'
import { log, type Terminal } from '../report/log.ts'
import { loadPlan } from './loadPlan.ts'

export interface GenerateOptions extends InputOptions {
  readonly output?: string
  readonly dryRun?: boolean
  readonly force?: boolean
}

/** `edge generate`: the bundle. */
export const generate = (options: GenerateOptions, terminal: Terminal): void => {
  if (options.output === undefined && options.dryRun !== true) throw new InputError('no directory is given for the bundle', { help: 'give -o DIR, or --dry-run to list the files' })
  const plan = loadPlan(options, terminal)
  const files = render(plan, toolVersion)
  if (options.dryRun === true || options.output === undefined) {
    process.stdout.write([...collectFiles(files).keys(), manifestName].map((path) => `${path}\n`).join(''))
    return
  }
  const { paths, changed, removed, mended } = writeBundle(plan, files, { directory: options.output, force: options.force === true, toolVersion })
  for (const path of mended) log(terminal, 'warning', `${options.output}/${path} was changed by somebody, and is as generated again`)
  for (const path of removed) log(terminal, 'info', `removed ${options.output}/${path}`)
  log(terminal, 'info', `${options.output}: ${paths.length} files, ${changed === 0 && removed.length === 0 ? 'all as they were' : `${changed} written`}`)
}
