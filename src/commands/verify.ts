import { setMaxListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { sha256 } from '../bundle/manifest.ts'
import { readProbes } from '../bundle/probes.ts'
import { readText } from '../input/readText.ts'
import { log, type Terminal } from '../report/log.ts'
import { printable, type Printable, printableJson, together } from '../report/printable.ts'
import { replaceLine } from '../report/stderr.ts'
import { type ReportFormat, reports } from '../report/verify/reports.ts'
import { podAddress } from '../tools/oc.ts'
import { siteModels } from '../verify/askDevice.ts'
import { askFleet } from '../verify/fleet.ts'
import { parseInventory, parseSelector } from '../verify/inventory.ts'
import { openSink } from '../verify/outputs.ts'
import type { Device, DeviceResult } from '../verify/result.ts'
import { lineEndOf, readResults } from '../verify/resume.ts'
import { makeSummary } from '../verify/summary.ts'
import { withCluster } from '../verify/withCluster.ts'
import { InputError } from '../errors.ts'
import { pairOutputs } from './outputs.ts'
import { type CheckedOptions, checkVerifyOptions, type VerifyCommandOptions } from './verifyOptions.ts'

/** `edge verify BUNDLE`: asks devices what verify.sh asks one. */
export const verify = async (bundle: string, options: VerifyCommandOptions, terminal: Terminal): Promise<void> => {
  const { document, bodyOf, checksum } = readProbes(bundle)
  const checked = checkVerifyOptions(options, document)
  const devices = devicesOf(options, Object.keys(document.sites), document.site)
  const isFleet = options.inventory !== undefined
  // A fleet makes young objects without end: V8 would give them 50 MB before it looks, for 5 % less time.
  if (isFleet) setFlagsFromString('--semi-space-growth-factor=1')
  // From elsewhere, a kubeconfig alone asks the API server alone: what answers on this host is no device's.
  const isOutside = options.kubeconfig === undefined || options.host !== undefined || checked.direct
  const interrupted = new AbortController()
  const lookInside =
    options.kubeconfig === undefined
      ? undefined
      : await insideOf(bundle, options.kubeconfig, options, checked, interrupted.signal)
  const outputs = pairOutputs<ReportFormat>(options.outputs, 'table')
  if (options.resume !== undefined && outputs.some(({ path }) => path === options.resume))
    throw new InputError(`--resume and --output name one file, ${options.resume}`)

  const summary = makeSummary()
  const started = new Date().toISOString()
  const open = outputs.map(({ format, path }) => ({
    sink: openSink(path),
    reporter: reports[format]({
      bundle: document.name,
      isFleet,
      started,
      colour: (path === undefined || path === '-') && terminal.colour.stdout,
    }),
  }))
  const report = (result: DeviceResult) => {
    summary.add(result)
    for (const { sink, reporter } of open) sink.write(reporter.device(result))
  }
  // Each request on its way listens to it.
  setMaxListeners(0, interrupted.signal)
  const interrupt = () => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  let isWhole = false
  let nothingAsked = !isFleet
  try {
    for (const { sink, reporter } of open) sink.write(reporter.begin())
    const run = sha256(JSON.stringify([checksum, checked.models, checked.scheme, checked.soak]))
    const earlier =
      options.resume === undefined
        ? undefined
        : readResults(options.resume, run, new Set(devices.map(({ host }) => host)), report)
    if (earlier !== undefined && earlier.others > 0)
      log(
        terminal,
        'info',
        `${earlier.others} in ${options.resume ?? ''} were good for another bundle, or asked otherwise: they are asked again`,
      )
    const journal = options.resume === undefined ? undefined : openSink(options.resume, true)
    if (options.resume !== undefined) journal?.write(printable(lineEndOf(options.resume)))
    const left = devices.filter(({ host }) => earlier?.good.has(host) !== true)
    const progress = makeProgress(terminal, isFleet, left.length)
    const fleet = isOutside
      ? askFleet(
          left,
          {
            ...checked,
            document,
            bodyOf,
            podAddress,
            mustAsk: isFleet,
            modelsAt: siteModels({ document, ...(checked.models === undefined ? {} : { models: checked.models }) }),
            onCheck: progress.check,
            onWait: progress.wait,
          },
          interrupted.signal,
        )
      : // Its host is the kubeconfig's path, no address.
        left.map((device): DeviceResult => ({ ...device, verdict: 'pass', seconds: 0, checks: [] }))
    for await (const outside of fleet) {
      const result = lookInside === undefined ? outside : await withCluster(outside, lookInside, interrupted.signal)
      if (result === undefined) continue
      if (result.checks.some(({ verdict, hidden }) => verdict !== 'skip' || hidden !== true)) nothingAsked = false
      if (result.partial !== true) journal?.write(together([printableJson({ run, ...result }), printable('\n')]))
      report(result)
      progress.device(result)
    }
    progress.end()
    journal?.close()
    const total = summary.summary(devices.length)
    for (const { sink, reporter } of open) sink.write(reporter.end(total))
    isWhole = true
    const { fail, unreachable } = total.devices
    process.exitCode = fail > 0 ? 1 : unreachable > 0 ? 3 : interrupted.signal.aborted ? 130 : 0
    if (total.left > 0)
      log(
        terminal,
        interrupted.signal.aborted ? 'warning' : 'error',
        `${total.left} of ${devices.length} ${devices.length === 1 ? 'device' : 'devices'} were not asked, or not to the end: ${interrupted.signal.aborted ? 'interrupted' : `as many are not good as --max-failures allows, ${options.maxFailures ?? ''}`}`,
      )
  } finally {
    for (const { sink } of open) (isWhole ? sink.close : sink.abandon)()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
  if (nothingAsked && process.exitCode === 0 && !interrupted.signal.aborted)
    throw new InputError('nothing was asked: no model has a Route', { help: 'on the device, --direct asks the pods' })
}

/** What looks inside the cluster; what is wrong with its options is said before anything is asked. */
const insideOf = async (
  bundle: string,
  kubeconfig: string,
  { context, site }: VerifyCommandOptions,
  { models, timeout }: CheckedOptions,
  signal: AbortSignal,
) =>
  (await import('../cluster/checkCluster.ts')).openCluster(bundle, {
    kubeconfig,
    timeoutSeconds: timeout,
    signal,
    ...(context === undefined ? {} : { context }),
    ...(site === undefined ? {} : { site }),
    ...(models === undefined ? {} : { models }),
  })

/** The devices to ask: the one of --host, or those of the inventory that the selector wants. */
const devicesOf = (options: VerifyCommandOptions, sites: readonly string[], own: string | undefined): Device[] => {
  if (options.inventory === undefined)
    return [
      {
        host:
          options.host ??
          (options.kubeconfig === undefined || options.direct === true ? '127.0.0.1' : options.kubeconfig),
        ...(options.site === undefined ? {} : { site: options.site }),
        labels: {},
      },
    ]
  const all = parseInventory(
    readText(options.inventory),
    options.inventory,
    own === undefined ? sites : [...sites, own],
  )
  const wanted = options.selector === undefined ? all : all.filter(parseSelector(options.selector))
  if (wanted.length === 0)
    throw new InputError(`no device of ${options.inventory} is what --selector asks for`, {
      help: `it names ${all.length}`,
    })
  return wanted
}

/** What stands on standard error while a run goes on: a line that changes on a terminal, else plain lines. */
const makeProgress = (terminal: Terminal, isFleet: boolean, total: number) => {
  const isTerminal = process.stderr.isTTY
  const counts = { pass: 0, fail: 0, unreachable: 0 }
  let line = ''
  const show = (text: Printable) => {
    if (!isTerminal) return
    replaceLine(text)
    line = text
  }
  return {
    check: ({ host }: Device, { model, id, verdict }: DeviceResult['checks'][number]) => {
      if (!isFleet) show(printable(`${host} ${model} ${id}: ${verdict}`))
    },
    wait: ({ host }: Device, model: string, id: string, cause: string) => {
      if (isFleet) return
      if (isTerminal) show(printable(`${host} ${model} ${id}: waiting (${cause})`))
      else log(terminal, 'info', `waiting for ${model} ${id}: ${cause}`)
    },
    device: ({ verdict }: DeviceResult) => {
      counts[verdict]++
      if (isFleet)
        show(
          printable(
            `${counts.pass + counts.fail + counts.unreachable} of ${total} devices: ${counts.pass} good, ${counts.fail} failed, ${counts.unreachable} without answer`,
          ),
        )
    },
    end: () => {
      if (line !== '') replaceLine('')
    },
  }
}
