import { onlyOnce, type Rendering } from '../bundle/assemble.ts'
import { bundleManifest } from '../bundle/describe.ts'
import { manifestName, sumsName } from '../bundle/marks.ts'
import { writeBundle } from '../bundle/write.ts'
import { InputError } from '../errors.ts'
import type { InputOptions } from '../input/load.ts'
import { toolVersion } from '../packaged.ts'
import { render } from '../render/render.ts'
import { log, type Terminal } from '../report/log.ts'
import { loadPlan } from './loadPlan.ts'
import { printable } from '../report/printable.ts'
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
  if (output === '')
    throw new InputError('cannot write the bundle: the name of its directory is empty', {
      help: 'give a directory with -o',
    })
  if (options.dryRun === true && options.check === true)
    throw new InputError('give either --dry-run or --check, not both')
  const { plan, linesOf } = await loadPlan(
    { ...options, ...(output === undefined ? {} : { bundle: output }) },
    terminal,
  )
  const rendering: Rendering = {
    files: () => render(plan, toolVersion),
    describe: (hashes) => bundleManifest(plan, hashes, { toolVersion, linesOf }),
  }
  if (options.dryRun === true || output === undefined) {
    writeStdout(
      printable(
        [...[...onlyOnce(rendering.files())].map(({ path }) => path), sumsName, manifestName]
          .map((path) => `${path}\n`)
          .join(''),
      ),
    )
    return
  }
  if (options.check === true) {
    const { check } = await import('./check.ts')
    check(rendering, output, terminal)
    return
  }
  const { paths, changed, removed, mended } = writeBundle(rendering, {
    directory: output,
    force: options.force === true,
    onWait: (what) => log(terminal, 'warning', what),
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
