import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { writeSpec } from '../tools/spec.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamDirectory } from '../tools/upstream.ts'

const model = {
  name: 'm',
  source: `oci://registry.example.com/m/m@sha256:${'0123456789abcdef'.repeat(4)}`,
  format: 'openvino_ir',
}

/** The guide's way to a request with a picture: JSON, the picture's length in four bytes, the picture. */
const guide = `
printf '%s' '{"inputs" : [{"name": "0", "shape": [1], "datatype": "BYTES"}]}' > body
n=$(stat -c %s picture)
printf "$(printf '\\\\%03o\\\\%03o\\\\%03o\\\\%03o' $((n&255)) $((n>>8&255)) $((n>>16&255)) $((n>>24&255)))" >> body
cat picture >> body`

/** Generates a bundle with a picture to infer, and gives the probe and its body. */
const withPicture = (directory: string) => {
  const file = writeSpec(directory, { models: [{ ...model, probes: [{ infer: { image: 'picture', argmax: 309 } }] }] })
  expect(edge(['generate', '-f', file, '-o', join(directory, 'out'), '--log-level', 'error']).status).toBe(0)
  const { models } = JSON.parse(readFileSync(join(directory, 'out/probes/probes.json'), 'utf8')) as {
    models: { probes: { id: string; body: string; headers: Record<string, string> }[] }[]
  }
  const probe = models[0]?.probes.find(({ id }) => id === 'OVMS-INFER')
  if (probe === undefined) throw new Error('there is no OVMS-INFER')
  execFileSync('sh', ['-euc', guide], { cwd: directory })
  return {
    headers: probe.headers,
    body: readFileSync(join(directory, 'out/probes/data', probe.body)),
    guides: readFileSync(join(directory, 'body')),
  }
}

describe('the body of a request with a picture', () => {
  test("equals the guide's for bee.jpeg", needs(payloads), () => {
    const directory = temporaryDirectory()
    copyFileSync(join(upstreamDirectory ?? '', 'data/bee.jpeg'), join(directory, 'picture'))
    const { headers, body, guides } = withPicture(directory)
    expect(body.equals(guides)).toBe(true)
    expect(body.length).toBe(63 + 4 + 7201)
    expect([...body.subarray(63, 67)]).toEqual([0x21, 0x1c, 0, 0])
    expect(headers['Inference-Header-Content-Length']).toBe('63')
  })

  test.each([0, 1, 255, 256, 65_535, 65_536, 16_777_216])("equals the guide's for a file of %d bytes", (size) => {
    const directory = temporaryDirectory()
    writeFileSync(
      join(directory, 'picture'),
      Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), Buffer.alloc(Math.max(0, size - 3), 7)]).subarray(0, size),
    )
    const { body, guides } = withPicture(directory)
    expect(body.equals(guides)).toBe(true)
  })
})
