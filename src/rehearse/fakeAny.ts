import { answerFor } from './answers.ts'
import { type Fake, json, type Rehearsed } from './fake.ts'

/** A fake of any other server, and for requests of the user's own: it answers what the model's probes expect, and 404 to all else. */
export const fakeAny =
  ({ probes, bodies }: Rehearsed): Fake =>
  ({ method, path, body }) => {
    const here = probes.filter((probe) => probe.method === method && probe.path.replace(/\?.*/, '') === path)
    const probe = here.find((one) => typeof one.body === 'string' && bodies.get(one.body)?.equals(body) === true) ?? here[0]
    if (probe === undefined) return json(404, { error: 'not found' })
    const answer = answerFor(probe.expect.checks)
    return { status: probe.expect.status[0] ?? 200, ...(answer.body === '' ? {} : { headers: { 'Content-Type': answer.type }, body: answer.body }) }
  }
