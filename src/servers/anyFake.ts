import type { Probe } from '../probes/probe.ts'
import { answerFor } from './answers.ts'
import { type Fake, json, type Rehearsed, type Request } from './fake.ts'

/** Whether a request is a probe's: method, path, query, headers and body. */
export const asksThis = (probe: Probe, { method, url, headers, body }: Request, bodies: Rehearsed['bodies']): boolean =>
  probe.method === method &&
  probe.path === url &&
  Object.entries(probe.headers).every(([name, value]) => headers[name.toLowerCase()] === value) &&
  (typeof probe.body !== 'string' || bodies.get(probe.body)?.equals(body) === true)

/** A fake of any other server, and for requests of the user's own: it answers what the model's probes expect, and 404 to all else. */
export const fakeAny =
  ({ probes, bodies }: Rehearsed): Fake =>
  (request) => {
    const probe = probes.find((one) => asksThis(one, request, bodies))
    if (probe === undefined) return json(404, { error: 'not found' })
    const answer = answerFor(probe.expect.checks)
    return {
      status: probe.expect.status[0] ?? 200,
      ...(answer.body === '' ? {} : { headers: { 'Content-Type': answer.type }, body: answer.body }),
    }
  }
