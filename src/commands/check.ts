import { createTwoFilesPatch } from 'diff'
import type { Rendering } from '../bundle/assemble.ts'
import { compareBundle } from '../bundle/compare.ts'
import { log, type Terminal } from '../report/log.ts'
import { printable } from '../report/printable.ts'
import { writeStdout } from '../report/stdout.ts'

/** `edge generate --check`: a diff, and exit status 1, if the directory is not what would be generated. */
export const check = (rendering: Rendering, directory: string, terminal: Terminal): void => {
  const differences = compareBundle(rendering, directory)
  for (const { path, before, after } of differences) {
    const name = `${directory}/${path}`
    const patch = createTwoFilesPatch(
      before === undefined ? '/dev/null' : name,
      after === undefined ? '/dev/null' : name,
      before ?? '',
      after ?? '',
      '',
      '',
      { context: 3 },
    )
    writeStdout(printable(patch.replace(/^(?:Index: .*\n)?=+\n/, '').replaceAll('\t', ' ')))
  }
  if (differences.length === 0) log(terminal, 'info', `${directory} is what would be generated`)
  else {
    log(
      terminal,
      'error',
      `${directory}: ${differences.length} ${differences.length === 1 ? 'file is' : 'files are'} not what would be generated`,
    )
    process.exitCode = 1
  }
}
