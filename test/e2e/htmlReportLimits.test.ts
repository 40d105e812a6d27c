import { createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceResult } from '../../src/verify/result.ts'
import { makeReport, openFile, startBrowser } from '../tools/browser.ts'
import { temporaryDirectory } from '../tools/edge.ts'
import { deviceOf, hostileTexts, madeUpDevices } from '../tools/madeUpRun.ts'
import { needs } from '../tools/needs.ts'
import { projectRoot } from '../tools/root.ts'

describe('the file of an HTML report', () => {
  const hostile = Object.values(hostileTexts).map((text) => deviceOf(text))

  test('gives back what went in, whatever the strings say', async () => {
    const text = [...(await makeReport())(hostile, { bundle: hostileTexts.script })].join('')
    const [, data = ''] = /<script id="data" type="application\/json">([^]*?)<\/script>/.exec(text) ?? []
    expect(JSON.parse(data)).toMatchObject({
      facts: { bundle: hostileTexts.script, isFleet: true },
      devices: hostile,
      summary: { devices: { fail: hostile.length } },
    })
    expect(data).not.toMatch(/[<>&\u2028\u2029]/)
    expect(Buffer.from(text).toString()).toBe(text)
  })

  test('comes in pieces, of which none holds another device', async () => {
    const pieces = [...(await makeReport())(madeUpDevices(300))]
    expect(pieces).toHaveLength(302)
    for (const [index, device] of [...madeUpDevices(300)].entries())
      expect(JSON.parse(pieces[index + 1]?.replace(/^,/, '') ?? '')).toEqual(device)
  })

  test('is a page whose script makes no markup of texts and whose policy lets nothing in', () => {
    const page = readFileSync(join(projectRoot, 'src/report/verify/page.html'), 'utf8')
    expect(
      page.match(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|createContextualFragment|\beval\b|new Function|srcdoc|\bhref\b|\bfetch\b|https?:/g,
      ),
    ).toBeNull()
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    )
  })
})

describe('the HTML report in a browser', needs('chromium'), () => {
  let browser: Browser
  let report: Awaited<ReturnType<typeof makeReport>>
  beforeAll(async () => {
    report = await makeReport()
    browser = await startBrowser()
  })
  afterAll(async () => browser.close())

  const open = async (
    list: Iterable<DeviceResult>,
    facts: Parameters<typeof report>[1] = {},
    options: Parameters<typeof openFile>[3] = {},
  ) => {
    const path = join(temporaryDirectory(), 'report.html')
    await pipeline(Readable.from(report(list, facts)), createWriteStream(path))
    return openFile(browser, path, '', options)
  }

  test.each(Object.entries(hostileTexts))('shows as text, and runs nothing: %s', async (_name, text) => {
    for (const isFleet of [true, false]) {
      const { page, file, requests, complaints } = await open(
        [deviceOf(text)],
        { bundle: text, isFleet },
        { viewport: { width: 360, height: 800 } },
      )
      if (isFleet) {
        await page.locator('.opener').click()
        await page.locator('.cause').click()
        await page.locator('.site').click()
        await page.getByLabel('Search').fill(text.slice(0, 4))
        await expect.poll(() => page.url()).toMatch(/#q=.*&site=.*&cause=/)
        expect(await page.locator('.row').count()).toBe(1)
        await page.reload()
        // An address holds no half of a pair.
        expect(await page.locator('.row').count()).toBe(text === hostileTexts.surrogate ? 0 : 1)
        await page.getByRole('button', { name: 'Clear' }).click()
        await page.locator('.opener').click()
      }
      const visible = text.replaceAll(
        /[\p{Cc}\u2028\u2029\u202c\u202e]/gu,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      expect(await page.locator('.failure dd').allTextContents()).toEqual(Array.from({ length: 6 }, () => visible))
      expect(await page.locator('h1').textContent()).toBe(visible)
      expect(
        await page.evaluate(
          `({ ran: window.ran, scripts: document.scripts.length, strange: document.querySelectorAll('img, svg, iframe, b:not(.total b), [onload], [onerror]').length, width: document.documentElement.scrollWidth })`,
        ),
      ).toEqual({ scripts: 2, strange: 0, width: 360 })
      expect({ requests: [...new Set(requests.map((url) => url.replace(/#.*/, '')))], complaints }).toEqual({
        requests: [file],
        complaints: [],
      })
      await page.context().close()
    }
  })

  test('asks nobody for anything, even if it wanted to', async () => {
    const { page } = await open(madeUpDevices(3))
    const refused = await page.evaluate(`new Promise((resolve) => {
      const refused = []
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => { if (refused.push(effectiveDirective) === 2) resolve(refused) })
      fetch('https://example.com/').catch(() => {})
      new Image().src = 'https://example.com/'
    })`)
    expect((refused as string[]).sort()).toEqual(['connect-src', 'img-src'])
  })

  test('of 10,000 devices has 200 rows at a time, and finds the last one', async () => {
    const { page, requests, complaints } = await open(madeUpDevices(10_000))
    expect(await page.getByRole('status').innerText()).toBe('10,000 devices')
    expect(await page.locator('.row').count()).toBe(200)
    expect(await page.locator('#where').innerText()).toBe('1 to 200 of 10,000')
    await page.getByRole('button', { name: 'Next' }).click()
    expect(await page.locator('#where').innerText()).toBe('201 to 400 of 10,000')
    await page.getByLabel('Search').fill('10.20.39.14')
    expect(await page.locator('.opener').allInnerTexts()).toContain('10.20.39.14')
    await page.getByLabel('Search').fill('')
    await page.getByRole('columnheader', { name: 'Took' }).getByRole('button').click()
    expect(await page.locator('.row').count()).toBe(200)
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
  })

  test('of one device is its checks, without a table of devices', async () => {
    const device = [...madeUpDevices(100)].find(({ verdict }) => verdict === 'fail')
    const { page, complaints } = await open(device === undefined ? [] : [device], { isFleet: false })
    expect((await page.locator('.total b').allInnerTexts()).map(Number)).toEqual(
      (['pass', 'fail', 'unreachable', 'skip'] as const).map(
        (verdict) => device?.checks.filter((check) => check.verdict === verdict).length,
      ),
    )
    expect(await page.locator('header').innerText()).toContain(device?.host)
    expect(await page.locator('.failure').count()).toBe(1)
    expect(await page.getByLabel('Search').isVisible()).toBe(false)
    expect(complaints).toEqual([])
  })

  test('of a run without results shows that', async () => {
    const { page, complaints } = await open([], { left: 7 })
    expect((await page.locator('.total b').allInnerTexts()).map(Number)).toEqual([0, 0, 0, 7])
    expect(await page.locator('#panels').isVisible()).toBe(false)
    expect(complaints).toEqual([])
  })

  test('of a run that was killed says so', async () => {
    const path = join(temporaryDirectory(), 'report.html')
    writeFileSync(path, [...report(madeUpDevices(9))].slice(0, 5).join('').slice(0, -20))
    const { page, complaints } = await openFile(browser, path)
    expect(await page.locator('body').innerText()).toMatch(
      /^This report shows nothing yet: the run that writes it has not come to its end/,
    )
    expect(complaints).toEqual([])
  })

  test('follows the colours of the system, fits narrow windows and leaves out on paper what is to be clicked', async () => {
    const colours = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(madeUpDevices(40), {}, { colorScheme, viewport: { width: 360, height: 800 } })
      await page.locator('.opener').first().click()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
      colours.push(await page.evaluate('getComputedStyle(document.body).color'))
      await page.emulateMedia({ media: 'print', colorScheme })
      expect(await page.getByLabel('Search').isVisible()).toBe(false)
      expect(await page.evaluate('getComputedStyle(document.body).color')).toBe(colours[0])
    }
    expect(new Set(colours).size).toBe(2)
  })
})
