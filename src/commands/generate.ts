import { onlyOnce } from '../bundle/assemble.ts'
import { manifestName } from '../bundle/manifest.ts'
import { writeBundle } from '../bundle/write.ts'
import { InputError } from '../errors.ts'
import type { InputOptions } from '../input/load.ts'
import { toolVersion } from '../packaged.ts'
import { render } from '../render/render.ts'
import { log, type Terminal } from '../report/log.ts'
import { loadPlan } from './loadPlan.ts'
import { writeStdout } from '../report/stdout.ts'

export interface GenerateOptions extends InputOptions {
  readonly output?: string
  readonly dryRun?: boolean
  readonly check?: boolean
  readonly force?: boolean
}

/** `edge generate`: the bundle. */
export const generate = async (options: GenerateOptions, terminal: Terminal): Promise<void> => {
  const { output } = options
  if (output === undefined && options.dryRun !== true)
    throw new InputError('no directory is given for the bundle', {
      help: 'give -o DIR, or --dry-run to list the files',
    })
  if (options.dryRun === true && options.check === true)
    throw new InputError('give either --dry-run or --check, not both')
  const { plan, linesOf } = await loadPlan(
    { ...options, ...(output === undefined ? {} : { bundle: output }) },
    terminal,
  )
  const files = render(plan, toolVersion)
  if (options.dryRun === true || output === undefined) {
    writeStdout([...[...onlyOnce(files)].map(({ path }) => path), manifestName].map((path) => `${path}\n`).join(''))
    return
  }
  if (options.check === true) {
    const { check } = await import('./check.ts')
    check(plan, files, output, { toolVersion, linesOf }, terminal)
    return
  }
  const { paths, changed, removed, mended } = writeBundle(plan, files, {
    directory: output,
    force: options.force === true,
    toolVersion,
    linesOf,
  })
  for (const path of mended)
    log(terminal, 'warning', `${output}/${path} was changed by somebody, and is as generated again`)
  for (const path of removed) log(terminal, 'info', `removed ${output}/${path}`)
  log(
    terminal,
    'info',
    `${output}: ${paths.length} files, ${changed === 0 && removed.length === 0 ? 'all as they were' : `${changed} written`}`,
  )
}
