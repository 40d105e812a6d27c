import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { type Browser, chromium, type ConsoleMessage, type Page } from 'playwright-core'
import type * as Html from '../../src/report/verify/html.ts'
import type { DeviceResult } from '../../src/verify/result.ts'
import type * as Summaries from '../../src/verify/summary.ts'
import { projectRoot } from './root.ts'

const bundled = async (path: string): Promise<unknown> => {
  const { outputFiles } = await build({
    entryPoints: [resolve(projectRoot, path)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    loader: { '.html': 'text' },
    write: false,
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`)
}

/** The HTML report of a run, piece by piece, by the sources as the build bundles them. */
export const makeReport = async (): Promise<
  (
    devices: Iterable<DeviceResult>,
    facts?: { readonly bundle?: string; readonly isFleet?: boolean; readonly left?: number },
  ) => Generator<string>
> => {
  const { html } = (await bundled('src/report/verify/html.ts')) as typeof Html
  const { makeSummary } = (await bundled('src/verify/summary.ts')) as typeof Summaries
  return function* (devices, { bundle = 'ai-demo', isFleet = true, left = 0 } = {}) {
    const reporter = html({ bundle, isFleet, colour: false, started: '2026-11-20T07:14:04.000Z' })
    const summary = makeSummary()
    let count = 0
    yield reporter.begin()
    for (const device of devices) {
      count++
      summary.add(device)
      yield reporter.device(device)
    }
    yield reporter.end(summary.summary(count + left))
  }
}

/** Debian's Chromium, that asks nobody for anything of its own. */
export const startBrowser = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** A page, and everything that must not come of it: requests for more than the page, words on the console, errors. */
export interface Watched {
  readonly page: Page
  readonly file: string
  readonly requests: string[]
  readonly complaints: string[]
}

/**
 * Opens a file in a new window without network.
 *
 * @param hash - what stands behind the address, `#` included
 */
export const openFile = async (
  browser: Browser,
  path: string,
  hash = '',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> => {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  await context.setOffline(true)
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('websocket', (socket) => requests.push(socket.url()))
  page.on('console', (message: ConsoleMessage) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message())
    void dialog.dismiss()
  })
  const file = pathToFileURL(path).href
  await page.goto(`${file}${hash}`)
  return { page, file, requests, complaints }
}
