import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { readProbes } from '../bundle/probes.ts'
import { EnvironmentError, InputError } from '../errors.ts'
import { didYouMean } from '../findings/near.ts'
import { modelsOf } from '../probes/document.ts'
import { type BehaviourName, behaviours } from '../rehearse/behaviours.ts'
import { rehearsalServer } from '../rehearse/serve.ts'
import { commandWord } from '../render/quote.ts'
import { columns } from '../report/columns.ts'
import { log, type Terminal } from '../report/log.ts'
import { printable } from '../report/printable.ts'
import { writeStdout } from '../report/stdout.ts'
import { bundleLayout } from '../layout.ts'

export interface RehearseOptions {
  readonly port: string
  readonly site?: string
  readonly behaviour: string
}

/** `edge rehearse BUNDLE`: made-up servers on loopback that answer what the bundle's probes expect. Ends with a signal. */
export const rehearse = async (
  bundle: string | undefined,
  options: RehearseOptions,
  terminal: Terminal,
): Promise<void> => {
  if (options.behaviour === 'list') {
    writeStdout(listOfBehaviours())
    return
  }
  if (bundle === undefined)
    throw new InputError('no bundle is given', { help: 'make one: edge generate -f edge.yaml -o DIR' })
  const port = Number(options.port)
  if (!/^\d{1,5}$/.test(options.port) || port > 65_535)
    throw new InputError(`--port takes a number from 0 to 65535, not ${options.port}`)
  if (!Object.hasOwn(behaviours, options.behaviour))
    throw new InputError(`there is no behaviour "${options.behaviour}"`, {
      help: didYouMean(options.behaviour, Object.keys(behaviours)) ?? '`--behaviour list` lists them',
    })
  const { document, bodyOf } = readProbes(bundle)
  const sites = Object.keys(document.sites)
  if (options.site !== undefined && options.site !== document.site && !sites.includes(options.site))
    throw new InputError(`the bundle has no site "${options.site}"`, {
      help: didYouMean(options.site, sites) ?? `sites: ${sites.slice(0, 20).join(', ') || 'none'}`,
    })
  const models = modelsOf(document, options.site).map((model) => ({
    ...model,
    bodies: new Map(
      model.probes
        .flatMap(({ body, fallback }) => [body, fallback?.body])
        .flatMap((file) => (typeof file === 'string' ? [[file, bodyOf(file)]] : [])),
    ),
  }))
  const routed = models.filter(({ host }) => host !== undefined)
  if (routed.length === 0)
    throw new InputError('no model of the bundle has a Route: nothing would be asked through one')

  const server = await rehearsalServer(models, options.behaviour as BehaviourName)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new EnvironmentError(
              `cannot listen on port ${port}: ${error.code === 'EACCES' ? 'permission denied' : 'it is in use'}`,
              { help: 'choose another with --port; 0 takes a free one', cause: error },
            )
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo
  log(
    terminal,
    'info',
    `${routed.length} ${routed.length === 1 ? 'model' : 'models'} on 127.0.0.1:${address.port}, HTTP and HTTPS (${behaviours[options.behaviour as BehaviourName].does}); Ctrl-C ends it. In another terminal:`,
  )
  const key = routed.some(({ apiKey }) => apiKey === true) ? ' --token-file FILE' : ''
  writeStdout(
    printable(
      `sh ${commandWord(join(bundle, bundleLayout.verifyScript))} --host 127.0.0.1:${address.port} --insecure${options.site === undefined ? '' : ` --site ${commandWord(options.site)}`}${key}\n`,
    ),
  )
  await new Promise<void>((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, resolve)))
  process.exit(0)
}

/** The behaviours, a line each. */
const listOfBehaviours = () => columns(Object.entries(behaviours).map(([name, { does }]) => [name, does]))
