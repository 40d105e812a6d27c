import type { KubernetesObject } from './types.ts'

/** How one field of a live object is held to what is expected. A field without a rule is compared by what it holds: maps key by key, what others add left aside; lists in their order; all else as it is. */
export interface FieldRule {
  /** Keys of a map that nobody else writes: live and not expected, they are left over. `*` at the end stands for any. */
  readonly owned?: true | readonly string[]
  /** Keys of a map, or items of a list, that others add: no leftovers. */
  readonly added?: true | readonly string[]
  /** Fields that tell items of a list apart: their order does not count. */
  readonly by?: readonly string[]
  /** A list without an order. */
  readonly set?: true
  /** What it is where it is absent. */
  readonly default?: unknown
  /** A quantity (`1000m` is `1`), or JSON as text. */
  readonly value?: 'quantity' | 'json'
  /** Nothing in it, at whatever depth, is anybody else's. */
  readonly strict?: true
  /** Its value is shown to nobody. */
  readonly hidden?: true
}

/** A kind of object that is compared. */
export interface ComparedKind {
  /** As `oc get` takes it. */
  readonly resource: string
  /** Path → rule. Steps are separated by dots, `[]` is any item of a list, `*` any key of a map. */
  readonly fields: Readonly<Record<string, FieldRule>>
}

/** The table of compared fields, by kind. */
export type Compared = Readonly<Record<string, ComparedKind>>

/** An object as far as it is compared. */
export interface ExpectedObject {
  /** First label of a Route's host, which follows the site's base domain; absent where the host is given. */
  readonly hostLabel?: string
  readonly metadata?: Pick<KubernetesObject['metadata'], 'labels' | 'annotations'> & {
    /** Where it is not the workload's. */
    readonly namespace?: string
  }
  readonly [field: string]: unknown
}

/** `KIND/NAME` → object. */
export type ExpectedObjects = Readonly<Record<string, ExpectedObject>>

/**
 * `probes/expected.json`: what is in the cluster of a device once the bundle is applied, and how it is compared. The device's
 * health check and `edge verify --kubeconfig` read it.
 */
export interface ExpectedDocument {
  readonly apiVersion: 'edge.microshift.dev/v1alpha1'
  readonly kind: 'Expected'
  readonly name: string
  readonly namespace: string
  readonly baseDomain: string
  /** The one site that the bundle is for. */
  readonly site?: string
  readonly kinds: Compared
  /** The pattern of arguments whose value is shown to nobody. */
  readonly secretArgument: string
  readonly objects: ExpectedObjects
  /** Objects that only sites have, and more than one may. */
  readonly siteObjects: ExpectedObjects
  /** What sites change: a JSON merge patch for each object that differs, null for one that the site has not. */
  readonly sites: Readonly<Record<string, ExpectedSite>>
}

export interface ExpectedSite {
  readonly baseDomain?: string
  readonly objects?: Readonly<Record<string, unknown>>
}
