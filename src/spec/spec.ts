import type { EndpointSpec, ModelSpec, SiteSpec, SpecBody } from './schema.ts'

/** A part of the spec together with its place, so that findings about it can point there. */
export interface Placed<T> {
  /** JSON pointer: `/spec/models/0`. */
  readonly pointer: string
  readonly value: T
}

/** The spec file, parsed: what the schema accepts of it, its models with their places. */
export interface Spec {
  /** metadata.name */
  readonly name: string
  /** spec.namespace, by default metadata.name. */
  readonly namespace: string
  readonly baseDomain: string
  readonly body: Omit<SpecBody, 'models' | 'sites' | 'endpoints'>
  readonly models: readonly Placed<ModelSpec>[]
  readonly sites: readonly Placed<SiteSpec>[]
  readonly endpoints: readonly Placed<EndpointSpec>[]
  /** sha256 of the file's bytes, in hexadecimal. */
  readonly sha256: string
}

/** The device's `dns.baseDomain` when MicroShift is not told another: facts/microshift.md, network. */
export const defaultBaseDomain = 'example.com'
