import { expect, test } from 'vitest'
import { failureOf } from '../../../src/tools/registryFailure.ts'

const fatal = (message: string) => `time="2026-01-01T00:00:00Z" level=fatal msg=${JSON.stringify(message)}\n`

/** What skopeo 1.9 to 1.18 say, and what it means. */
test.each([
  [
    'not-found',
    'Error parsing image name "docker://quay.io/a/b:1": reading manifest 1 in quay.io/a/b: manifest unknown: manifest unknown',
  ],
  [
    'not-found',
    'Error parsing image name "docker://quay.io/a/b:1": reading manifest 1 in quay.io/a/b: name unknown: repository not found',
  ],
  [
    'denied',
    'Error parsing image name "docker://quay.io/a/b:1": reading manifest 1 in quay.io/a/b: unauthorized: access to the requested resource is not authorized',
  ],
  [
    'denied',
    'Error parsing image name "docker://docker.io/a/b:1": reading manifest 1 in docker.io/a/b: requested access to the resource is denied',
  ],
  ['denied', 'unable to retrieve auth token: invalid username/password: unauthorized: Please login'],
  ['passing', 'reading manifest 1 in docker.io/a/b: toomanyrequests: You have reached your pull rate limit'],
  [
    'passing',
    'Error parsing image name "docker://denied.example.com/unauthorized/denied:1": pinging container registry denied.example.com: received unexpected HTTP status: 503 Service Unavailable',
  ],
  [
    'passing',
    'pinging container registry quay.io: Get "https://quay.io/v2/": dial tcp: lookup quay.io on 10.0.0.1:53: server misbehaving',
  ],
  ['passing', 'pinging container registry quay.io: Get "https://quay.io/v2/": net/http: TLS handshake timeout'],
  [
    'passing',
    'pinging container registry quay.io: Get "https://quay.io/v2/": read tcp 10.0.0.2:1->10.0.0.3:443: read: connection reset by peer',
  ],
  ['passing', 'unexpected EOF'],
  [
    'lasting',
    'pinging container registry quay.io: Get "https://quay.io/v2/": x509: certificate signed by unknown authority',
  ],
  ['lasting', 'something that nobody has seen before'],
])('%s: %s', (kind, message) => {
  expect(failureOf(fatal(message), false, 60).kind).toBe(kind)
})

test('words of skopeo without its log format, and none at all', () => {
  expect(failureOf('FATA[0000] manifest unknown\n', false, 60)).toMatchObject({ kind: 'not-found' })
  expect(failureOf('', false, 60)).toEqual({ kind: 'lasting', reason: 'skopeo says nothing' })
  expect(failureOf('anything', true, 60)).toEqual({ kind: 'passing', reason: 'no answer within 60 s' })
})
