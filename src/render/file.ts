/** A file of a bundle. */
export interface File {
  /** Relative to the bundle, with slashes; made of names that the plan has checked. */
  readonly path: string
  readonly content: string | Uint8Array
  /** Whether it is to be run. */
  readonly executable?: boolean
}
