import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runIn, someKey } from '../behaviours/runRow.ts'
import { edge, edgePath } from '../tools/edge.ts'
import { projectRoot } from '../tools/root.ts'

const directory = mkdtempSync(join(tmpdir(), 'edge-verify-secrets-'))
const bundle = join(directory, 'out')
/** A server that sends back what it was sent, as several would write it. */
const server = createServer((request, response) => {
  const sent = request.headers.authorization ?? ''
  const key = sent.replace('Bearer ', '')
  response.statusCode = 500
  response.end(
    JSON.stringify({
      headers: request.headers,
      query: encodeURIComponent(sent),
      basic: Buffer.from(`user:${key}`).toString('base64'),
      // The report cuts what it shows within the last of them.
      cut: `${sent} `.repeat(30),
    }),
  )
})

beforeAll(async () => {
  writeFileSync(join(directory, 'KEY'), `${someKey}\n`)
  expect(edge(['generate', '-f', join(projectRoot, 'test/behaviours/edge.yaml'), '-o', bundle]).status).toBe(0)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('a server that sends the API key back', () => {
  test.each(['table', 'json', 'ndjson', 'junit', 'tap', 'html', 'prometheus'])(
    'puts it into no report: %s',
    async (format) => {
      const { port } = server.address() as AddressInfo
      const { status, stdout, stderr } = await runIn(directory, [
        process.execPath,
        edgePath,
        ...[
          'verify',
          bundle,
          '--model',
          'keyed',
          '--host',
          `127.0.0.1:${port}`,
          '--scheme',
          'http',
          '--token-file',
          'KEY',
        ],
        ...['--format', format],
      ])
      expect(status).toBe(1)
      for (const text of [stdout, stderr]) {
        expect(text).not.toContain(someKey)
        expect(text).not.toContain(someKey.slice(0, 8))
        expect(text).not.toContain(Buffer.from(someKey).toString('base64').slice(2, 10))
      }
      if (format === 'json') expect(stdout).toContain('***')
    },
  )
})
