import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../tools/root.ts'

/** The part of embed-image that judges what skopeo says. */
const judge =
  /^matches\(\)[^]*?^is_lasting\(\) \{[^]*?^\}$/m.exec(
    readFileSync(join(projectRoot, 'bootc/embed-image'), 'utf8'),
  )?.[0] ?? 'exit 9'
const isLasting = (text: string): boolean => {
  const { status } = spawnSync(
    '/bin/sh',
    ['-euc', `${judge}\nif is_lasting "$1"; then exit 0; else exit 1; fi`, 'sh', text],
    { encoding: 'utf8' },
  )
  expect([0, 1]).toContain(status)
  return status === 0
}

const of = (why: string) => `time="x" level=fatal msg="initializing source docker://quay.io/a/b:1: ${why}"`
const mirrored = (mirror: string, origin: string) =>
  of(`(Mirrors also failed: [mirror.local:5000/quay.io/a/b:1: ${mirror}]): quay.io/a/b:1: ${origin}`)
const unknownCa =
  'pinging container registry: Get \\"https://r/v2/\\": tls: failed to verify certificate: x509: certificate signed by unknown authority'
const unreachable = 'pinging container registry quay.io: dial tcp: lookup quay.io: no such host'
const login = 'reading manifest 1: unauthorized: authentication required'

test.each([
  of('reading manifest 1 in quay.io/a/b: manifest unknown'),
  of(login),
  of(unknownCa),
  of('Get \\"https://r/v2/\\": http: server gave HTTP response to HTTPS client'),
  mirrored(login, unreachable),
  mirrored(unknownCa, 'dial tcp: i/o timeout'),
  mirrored('manifest unknown', login),
])('will not pass: %s', (text) => {
  expect(isLasting(text)).toBe(true)
})

test.each([
  of('dial tcp 10.0.0.1:443: connect: connection refused'),
  of('received unexpected HTTP status: 503 Service Unavailable'),
  of('net/http: TLS handshake timeout'),
  mirrored('dial tcp 10.0.0.1:5000: connect: connection refused', login),
  mirrored('received unexpected HTTP status: 503 Service Unavailable', login),
  mirrored('manifest unknown', unreachable),
])('may pass: %s', (text) => {
  expect(isLasting(text)).toBe(false)
})
