import { InputError } from '../errors.ts'
import type { Documents } from '../findings/finding.ts'
import { loadPayload } from '../input/load.ts'
import { formatLabel } from '../payload/servingRuntime.ts'
import { describeRuntimes, type RuntimeOverview } from '../views/runtimeOverview.ts'
import { columns } from '../report/columns.ts'
import { countFindings, printFindings } from '../report/findings.ts'
import { reportJson } from '../report/json.ts'
import { printable, type Printable } from '../report/printable.ts'
import type { Terminal } from '../report/log.ts'
import { type OutputOption, pairOutputs, writeOutputs } from './outputs.ts'

export const runtimeFormats = ['table', 'json'] as const

/** `edge runtimes`: what the payload can serve, and what of it cannot be used. */
export const runtimes = async (
  options: { readonly payload?: string; readonly outputs: readonly OutputOption[] },
  terminal: Terminal,
): Promise<void> => {
  const { tree, read } = loadPayload(options.payload, undefined, '.')
  const documents: Documents = {
    name: ({ file = '' }) => `${tree?.label}/${file}`,
    text: ({ file }) => (file === undefined ? undefined : tree?.read(file)),
  }
  printFindings(read.findings, documents, terminal)
  const { payload } = read
  if (payload === undefined) throw new InputError(countFindings(read.findings))

  const overview = describeRuntimes(payload)
  const reporters = {
    table: () => overviewTable(overview),
    json: () =>
      reportJson({
        payload: {
          ...(payload.release === undefined ? {} : { release: payload.release }),
          base: payload.releaseInfo.base,
        },
        runtimes: overview,
      }),
  }
  await writeOutputs(
    pairOutputs<(typeof runtimeFormats)[number]>(options.outputs, 'table'),
    reporters,
    terminal.colour.stdout,
  )
}

const overviewTable = (overview: readonly RuntimeOverview[]): Printable => {
  const rows = overview.map(({ name, formats, protocolVersions, port, accelerators, images }) => [
    name,
    formats.map((format) => `${formatLabel(format)}${format.autoSelect ? '*' : ''}`).join('\n'),
    protocolVersions.join('\n') || 'any',
    `${port.number}${port.name === undefined ? '' : ` ${port.name}`}`,
    accelerators.join('\n') || 'none',
    images.map(({ placeholder, reference }) => reference ?? `${placeholder} (no reference)`).join('\n'),
  ])
  const problems = overview.flatMap(({ name, problems }) =>
    problems.map(
      ({ message, help }) => `${name} cannot be used: ${message}\n${help === undefined ? '' : `  help: ${help}\n`}`,
    ),
  )
  return printable(
    `${columns([['RUNTIME', 'FORMATS', 'PROTOCOLS', 'PORT', 'ACCELERATOR', 'IMAGES'], ...rows])}\n* chosen without being named (autoSelect)\n${problems.join('')}`,
  )
}
