import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { rows } from '../behaviours/rows.ts'
import { expectRow, prepareRows, runRow } from '../behaviours/runRow.ts'
import { edgePath } from '../tools/edge.ts'
import { needs } from '../tools/needs.ts'

const directory = mkdtempSync(join(tmpdir(), 'edge-verify-command-'))
const bundle = join(directory, 'out')

beforeAll(() => {
  prepareRows(directory)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('edge verify says, as verify.sh does, of', needs('haproxy', 'openssl'), () => {
  test.concurrent.each(rows.filter(({ wire }) => wire).map((row) => [row.name, row] as const))('%s', async (_, row) => {
    expectRow(
      row,
      await runRow(row, directory, bundle, [
        process.execPath,
        edgePath,
        'verify',
        bundle,
        '--model',
        row.model,
        '--format',
        'tap',
      ]),
    )
  })
})
