import { parseJson } from '../basics/json.ts'
import { isMap, type JsonMap } from '../basics/maps.ts'
import type { ProbedModel } from '../probes/document.ts'

/** A request as a model server sees it. */
export interface Request {
  readonly method: string
  /** Path without query. */
  readonly path: string
  /** Path with query, as it came. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** An answer; `broken` is what happens to the connection in its place or after its first bytes. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly broken?: 'silent' | 'reset' | 'endless' | 'short'
}

/** A made-up model server: it follows the facts of the real one and serves no model. */
export type Fake = (request: Request) => Answer

/** A model with the bodies of its probes. */
export interface Rehearsed extends ProbedModel {
  readonly bodies: ReadonlyMap<string, Buffer>
}

export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})

/** What the router says in place of a server: HTML. */
export const routerPage = (status: number, title: string): Answer => ({
  status,
  headers: { 'Content-Type': 'text/html' },
  body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
})

export const unavailable = routerPage(503, 'Application is not available')

/** What a JSON body says; undefined when it is no map. */
export const parsed = (body: Buffer): JsonMap | undefined => {
  const value = parseJson(body)
  return isMap(value) ? value : undefined
}

/** The name that the probes ask for. */
export const nameOf = ({ name, probes }: Rehearsed): string => {
  const value = probes
    .find(({ step }) => step === 'name')
    ?.expect.checks.flatMap((check) => (check.is === 'equal' ? [check.value] : []))[0]
  return typeof value === 'string' ? value : name
}
