import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceResult } from '../../src/verify/result.ts'
import { makeReport, openFile, startBrowser } from '../tools/browser.ts'
import { temporaryDirectory } from '../tools/edge.ts'
import { madeUpDevices } from '../tools/madeUpRun.ts'
import { needs } from '../tools/needs.ts'

const devices = [...madeUpDevices(450)]
const failed = devices.filter(({ verdict }) => verdict === 'fail')
const causesOf = ({ checks }: DeviceResult) => checks.flatMap(({ failure }) => failure?.cause ?? [])
const hosts = (page: Page) => page.locator('.opener').allInnerTexts()
const shown = (page: Page) => page.getByRole('status').innerText()
const sortedHosts = (list: readonly DeviceResult[]) =>
  list.map(({ host }) => host).sort(new Intl.Collator('en', { numeric: true }).compare)
/** In the order that the page begins with: what is not good first. */
const worstFirst = (list: readonly DeviceResult[]) =>
  (['fail', 'unreachable', 'pass'] as const).flatMap((verdict) =>
    sortedHosts(list.filter((device) => device.verdict === verdict)),
  )

describe('the HTML report', needs('chromium'), () => {
  let browser: Browser
  let report: Awaited<ReturnType<typeof makeReport>>
  beforeAll(async () => {
    report = await makeReport()
    browser = await startBrowser()
  })
  afterAll(async () => browser.close())

  const open = async (
    hash = '',
    list: Iterable<DeviceResult> = devices,
    facts: Parameters<typeof report>[1] = {},
    options: Parameters<typeof openFile>[3] = {},
  ) => {
    const path = join(temporaryDirectory(), 'report.html')
    writeFileSync(path, [...report(list, facts)].join(''))
    return openFile(browser, path, hash, options)
  }

  test('says what the run came to', async () => {
    const { page, file, requests, complaints } = await open('', devices, { left: 12 })
    const good = devices.filter(({ verdict }) => verdict === 'pass').length
    expect(await page.title()).toBe('ai-demo: verification')
    expect(await page.locator('header').innerText()).toMatch(/ai-demo\s+462 devices · 20 November 2026 at 07:14:04 UTC/)
    expect((await page.locator('.total b').allInnerTexts()).map(Number)).toEqual([
      good,
      failed.length,
      devices.length - good - failed.length,
      12,
    ])

    await page.getByRole('button', { name: /^Show all \d+ causes$/ }).click()
    const counts = await page.locator('.cause > .number').allInnerTexts()
    const causes = (await page.locator('.cause > bdi').allInnerTexts()).map(
      (cause, index) => `${cause} ${counts[index] ?? ''}`,
    )
    const expected = [...new Set(devices.flatMap(causesOf))].map(
      (cause) => `${cause} ${devices.filter((device) => causesOf(device).includes(cause)).length}`,
    )
    expect(causes.sort()).toEqual(expected.sort())

    const base = devices.filter(({ site }) => site === undefined)
    expect(await page.getByRole('row').filter({ hasText: 'no site' }).first().locator('td').allInnerTexts()).toEqual(
      (['pass', 'fail', 'unreachable'] as const).map((verdict) =>
        String(base.filter((device) => device.verdict === verdict).length),
      ),
    )

    const latency = page.locator('#latency-list tbody').filter({ hasText: 'assistant VLLM-CHAT' })
    const numbers = (await latency.locator('td.number').allInnerTexts()).map((text) =>
      Number(text.replace(/[, ms\s]/g, '')),
    )
    expect(numbers).toHaveLength(4)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect({ requests, complaints }).toEqual({ requests: [file], complaints: [] })
  })

  test('filters by text, result, site and cause, and says so in the address', async () => {
    const { page, complaints } = await open()
    expect(await shown(page)).toBe('450 devices')
    expect(await hosts(page)).toHaveLength(200)

    await page.getByLabel('Result').selectOption('failed')
    expect(await hosts(page)).toEqual(sortedHosts(failed))
    await page.getByLabel('Site', { exact: true }).selectOption('no site')
    expect(await hosts(page)).toEqual(sortedHosts(failed.filter(({ site }) => site === undefined)))
    await expect.poll(() => page.url()).toMatch(/#verdict=fail&site=$/)

    await page.getByRole('button', { name: 'Clear' }).click()
    await page.locator('.cause').filter({ hasText: 'wrong-answer' }).click()
    const wrong = devices.filter((device) => causesOf(device).includes('wrong-answer'))
    expect(await hosts(page)).toEqual(sortedHosts(wrong))
    expect(await page.locator('[aria-pressed=true]').allInnerTexts()).toEqual([expect.stringContaining('wrong-answer')])
    await page.locator('.cause').filter({ hasText: 'wrong-answer' }).click()
    expect(await shown(page)).toBe('450 devices')

    await page.getByLabel('Search').fill('PLANT-a  line=3')
    expect(await hosts(page)).toEqual(
      worstFirst(devices.filter(({ site, labels }) => site === 'plant-a' && labels['line'] === '3')),
    )
    await page.getByLabel('Search').fill('nothing has that')
    expect(await page.locator('#rows').innerText()).toBe('No device fits the filter.')
    expect(await shown(page)).toBe('0 of 450 devices: “nothing has that”')
    await expect.poll(() => page.url()).toMatch(/#q=nothing\+has\+that$/)
    expect(complaints).toEqual([])
  })

  test('takes its filter, order and page from the address, also when that changes', async () => {
    const { page, file } = await open('#verdict=fail&cause=no-pod&sort=-host')
    const withoutPod = sortedHosts(failed.filter((device) => causesOf(device).includes('no-pod'))).reverse()
    expect(await hosts(page)).toEqual(withoutPod)
    expect(await page.getByLabel('Cause', { exact: true }).inputValue()).toBe('=no-pod')
    expect(await page.getByRole('columnheader', { name: 'Host' }).getAttribute('aria-sort')).toBe('descending')

    await page.goto(`${file}#sort=host&page=3`)
    expect(await hosts(page)).toEqual(sortedHosts(devices).slice(400))
    // What the run does not know finds nothing, and is not left out as if nobody had asked.
    await page.goto(`${file}#site=elsewhere&sort=nonsense&page=99`)
    expect(await shown(page)).toBe('0 of 450 devices: site elsewhere')
    expect(await page.getByLabel('Site', { exact: true }).inputValue()).toBe('=elsewhere')
  })

  test('sorts by each column, there and back', async () => {
    const { page } = await open('#verdict=fail')
    const column = (name: string) => page.getByRole('columnheader', { name })
    const seconds = async () =>
      (await page.locator('.row td.number').allInnerTexts()).map((text) => Number.parseFloat(text))
    await column('Took').getByRole('button').click()
    expect(await column('Took').getAttribute('aria-sort')).toBe('descending')
    expect(await seconds()).toEqual([...(await seconds())].sort((a, b) => b - a))
    await column('Took').getByRole('button').press('Enter')
    expect(await column('Took').getAttribute('aria-sort')).toBe('ascending')
    expect(await seconds()).toEqual([...(await seconds())].sort((a, b) => a - b))
    for (const [name, place] of [
      ['Site', 2],
      ['Labels', 3],
    ] as const) {
      await column(name).getByRole('button').click()
      const texts = await page.locator(`.row > :nth-child(${place})`).allTextContents()
      expect(texts).toEqual([...texts].sort(new Intl.Collator('en', { numeric: true }).compare))
    }
    for (const name of ['Host', 'Result', 'Failing checks']) {
      await column(name).getByRole('button').click()
      expect(await column(name).getAttribute('aria-sort')).toMatch(/scending$/)
    }
    expect(await page.locator('[aria-sort$=scending]').count()).toBe(1)
  })

  test('opens a row by keyboard and by mouse: what failed, and all checks with their times', async () => {
    const device = failed.find(({ checks }) => checks.some(({ failure }) => failure?.cause === 'wrong-answer'))
    const failure = device?.checks.find((check) => check.failure !== undefined)?.failure
    const { page } = await open(`#q=${device?.host ?? ''}`)
    const opener = page.locator('.opener').first()
    await opener.press('Enter')
    expect(await opener.getAttribute('aria-expanded')).toBe('true')
    expect(await page.locator('.failure dt').allInnerTexts()).toEqual([
      'expected',
      'came',
      'answered',
      'means',
      'try',
      'request',
    ])
    expect(await page.locator('.failure dd').allInnerTexts()).toEqual([
      failure?.expected,
      failure?.came,
      failure?.answered,
      failure?.means,
      failure?.try,
      failure?.request,
    ])
    expect(await page.locator('.checks tbody tr').count()).toBe(device?.checks.length)
    expect(await page.locator('.checks tbody tr').filter({ hasText: 'VLLM-CHAT' }).innerText()).toMatch(
      /good\s+[\d,.]+ ms/,
    )
    await opener.press('Space')
    expect(await page.locator('.failure').count()).toBe(0)
    await page.locator('.row').first().click()
    expect(await page.locator('.failure').count()).toBe(1)
    // It stays open when the table is made anew.
    await page.getByRole('columnheader', { name: 'Host' }).getByRole('button').click()
    expect(await page.locator('.failure').count()).toBe(1)
  })
})
