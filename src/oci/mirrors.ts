/** A registry or a repository, and where it is found instead. */
export interface Mirror {
  /** Registry, or registry and repository. */
  readonly prefix: string
  readonly location: string
}

/**
 * A reference as it is found at a mirror. The longest prefix that ends where a part of the name ends has its say, as in
 * containers-registries.conf(5).
 *
 * @returns undefined when no mirror has it
 */
export const atMirror = (reference: string, mirrors: readonly Mirror[]): string | undefined => {
  const fitting = mirrors.filter(
    ({ prefix }) => reference.startsWith(prefix) && '/:@'.includes(reference[prefix.length] ?? '/'),
  )
  const longest = fitting.reduce<Mirror | undefined>(
    (best, one) => (best === undefined || one.prefix.length > best.prefix.length ? one : best),
    undefined,
  )
  return longest === undefined ? undefined : longest.location + reference.slice(longest.prefix.length)
}
