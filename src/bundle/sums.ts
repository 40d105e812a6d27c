/**
 * SHA256SUMS of a bundle: the checksum of every file, bundle.json among them, as `sha256sum -c` reads it in the bundle's
 * directory. It covers what bundle.json cannot, itself; it covers damage and what changed by accident or by hand, not somebody
 * who changes both.
 *
 * @param hashes - path and sha256 of every file but this one
 */
export const formatSums = (hashes: Iterable<readonly [path: string, sha256: string]>): string =>
  [...hashes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, hash]) => `${hash}  ${path}\n`)
    .join('')
