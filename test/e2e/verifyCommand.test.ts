import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../behaviours/rows.ts'
import { expectRow, runRow, someKey } from '../behaviours/runRow.ts'
import { edge, edgePath } from '../tools/edge.ts'
import { areMissing } from '../tools/programs.ts'
import { projectRoot } from '../tools/root.ts'
import { makeCertificates } from '../tools/router.ts'

const isSkipped = areMissing('haproxy', 'openssl')
const directory = mkdtempSync(join(tmpdir(), 'edge-verify-command-'))
const bundle = join(directory, 'out')

beforeAll(() => {
  if (isSkipped) return
  makeCertificates(directory)
  writeFileSync(join(directory, 'KEY'), `${someKey}\n`)
  expect(edge(['generate', '-f', join(projectRoot, 'test/behaviours/edge.yaml'), '-o', bundle, '--log-level', 'error']).stderr).toBe('')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe.skipIf(isSkipped)('edge verify says, as verify.sh does, of', () => {
  test.concurrent.each(rows.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    expectRow(row, await runRow(row, directory, bundle, [process.execPath, edgePath, 'verify', bundle, '--model', row.model, '--format', 'tap']))
  })
})
