import { because } from '../../findings/because.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import { wirePath } from '../../probes/paths.ts'
import type { Check } from '../../probes/probe.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import { pointerKeys, pointerStep } from '../../yaml/locate.ts'
import { containing, type Question } from '../../servers/question.ts'

export type RequestSpec = NonNullable<NonNullable<ModelSpec['probes']>[number]['request']>

/** Headers that the client makes itself, and those that carry secrets. */
const ownHeaders = ['host', 'user-agent', 'content-length', 'transfer-encoding', 'connection', 'expect']
const secretHeaders = [
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'apikey',
  'x-auth-token',
  'x-access-token',
]

/** A request of the user's own. */
export const requestQuestion = (request: RequestSpec, file: Uint8Array | undefined): Question => {
  const { body, expect = {}, headers = {} } = request
  const isText = typeof body === 'string'
  const parts =
    request.bodyFile === undefined
      ? body === undefined
        ? undefined
        : [isText ? body : JSON.stringify(body)]
      : [file ?? new Uint8Array()]
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const type = request.bodyFile !== undefined ? 'application/octet-stream' : isText ? 'text/plain' : 'application/json'
  return {
    method: request.method ?? (parts === undefined ? 'GET' : 'POST'),
    path: wirePath(request.path),
    headers: { ...headers, ...(parts === undefined || hasType ? {} : { 'Content-Type': type }) },
    ...(parts === undefined
      ? {}
      : {
          parts,
          extension: request.bodyFile !== undefined ? ('bin' as const) : isText ? ('txt' as const) : ('json' as const),
        }),
    expect: { status: [expect.status ?? 200], checks: expectedOf(expect) },
  }
}

const expectedOf = ({ contains, json = {} }: NonNullable<RequestSpec['expect']>): Check[] => [
  ...containing(contains),
  ...Object.entries(json).map(([pointer, value]): Check => ({
    is: 'equal',
    at: pointerKeys(pointer),
    value,
    says: `${JSON.stringify(value)} at ${pointer === '' ? 'the top' : pointer}`,
    cause: 'wrong-answer',
  })),
]

/** What no request may be. */
export const checkRequest = (request: RequestSpec, pointer: string): Finding[] => {
  const { headers = {}, body, bodyFile, expect, method } = request
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  return [
    ...Object.entries(headers).flatMap(([name, value], index) => {
      const at = { pointer: `${pointer}/headers${pointerStep(name)}`, on: 'key' as const }
      if (names.indexOf(name.toLowerCase()) < index)
        return [finding('probe-header', { name, why: because('header-twice') }, at)]
      if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
        return [finding('probe-header', { name, why: because('header-name') }, at)]
      if (/[^\t\x20-\x7e]/.test(value) || value.trim() !== value || value === '')
        return [finding('probe-header', { name, why: because('header-value') }, at)]
      if (secretHeaders.includes(name.toLowerCase()))
        return [
          finding(
            'probe-header',
            {
              name,
              why: because('header-secret'),
            },
            at,
          ),
        ]
      return ownHeaders.includes(name.toLowerCase())
        ? [finding('probe-header', { name, why: because('header-clients') }, at)]
        : []
    }),
    ...(request.path.includes('#') ? [finding('probe-path', { path: request.path }, `${pointer}/path`)] : []),
    ...(body !== undefined && bodyFile !== undefined
      ? [finding('probe-two', { fields: ['body', 'bodyFile'] }, { pointer: `${pointer}/bodyFile`, on: 'key' })]
      : []),
    ...(method === 'GET' && (body !== undefined || bodyFile !== undefined)
      ? [finding('probe-get-body', {}, `${pointer}/method`)]
      : []),
    ...Object.keys(expect?.json ?? {}).flatMap((key) =>
      key === '' || /^(?:\/(?:[^~]|~[01])*)+$/.test(key)
        ? []
        : [
            finding(
              'probe-pointer',
              { text: key },
              { pointer: `${pointer}/expect/json${pointerStep(key)}`, on: 'key' },
            ),
          ],
    ),
  ]
}
