/** A ConfigMap on its way through the kustomizations. */
export interface BuiltConfigMap {
  /** Where it stands first. */
  readonly file: string
  readonly object: ConfigMapObject
  /** Its data as it was after each step, the last one included. */
  readonly layers: readonly Readonly<Record<string, unknown>>[]
  /** Namespaces that it had: a patch may name any of them. */
  readonly namespaces: readonly string[]
}

export interface ConfigMapObject {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>>
}
