#!/usr/bin/env node
import module from 'node:module'
import { CommanderError } from 'commander'
import { CommandError, fileError } from './errors.ts'
import { toolVersion } from './packaged.ts'
import { makeProgram } from './program.ts'
import { printable } from './report/printable.ts'
import { writeStderr } from './report/stderr.ts'

/** Turns what ended a command into its exit status; the only place that does. */
const exitStatusOf = (error: unknown): number => {
  // Commander has printed it; help and version are no errors, wrong usage is.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof CommandError) {
    writeStderr(printable(`edge: ${error.message}\n${error.help === undefined ? '' : `  help: ${error.help}\n`}`))
    if (process.argv.includes('--debug') && error.cause instanceof Error)
      writeStderr(printable(`  cause: ${error.cause.message}\n`))
    return error.exitStatus
  }
  const { path, syscall } = error as NodeJS.ErrnoException
  if (path !== undefined && syscall !== undefined) {
    const known = fileError(error, `cannot ${syscall} ${path}`)
    if (known instanceof CommandError) return exitStatusOf(known)
  }
  writeStderr(
    printable(
      `edge: this is a defect of edge ${toolVersion}, please report it with what follows\n${error instanceof Error ? error.stack : String(error)}\n`,
    ),
  )
  return 70
}

// Node 22 and later keep compiled code; the types are those of Node 20.
;(module as { enableCompileCache?: () => void }).enableCompileCache?.()
makeProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = exitStatusOf(error)
  })
