import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * All files below a directory (or a file itself), as path → text.
 *
 * @param root - a directory or a file
 */
export const filesOf = (root: string): Record<string, string> => {
  if (statSync(root).isFile()) return { '': readFileSync(root, 'utf8') }
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(root, path)).isFile(),
  )
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}
