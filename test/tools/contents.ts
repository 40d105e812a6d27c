import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

const pathsBelow = (directory: string): string[] => readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()

/**
 * All that a directory holds, to compare: path → text of a file, `-> TARGET` of a symbolic link, `/` of a directory.
 * Links are not followed.
 *
 * @param directory - one that exists
 */
export const contentsOf = (directory: string): Record<string, string> =>
  Object.fromEntries(
    pathsBelow(directory).map((path) => {
      const file = join(directory, path)
      const stat = lstatSync(file)
      return [
        path,
        stat.isSymbolicLink() ? `-> ${readlinkSync(file)}` : stat.isDirectory() ? '/' : readFileSync(file, 'latin1'),
      ]
    }),
  )

/** Path → inode and time of the last change, in nanoseconds, of each file and directory below a directory. */
export const timesOf = (directory: string): Record<string, string> =>
  Object.fromEntries(
    pathsBelow(directory).map((path) => {
      const { ino, mtimeNs, ctimeNs } = lstatSync(join(directory, path), { bigint: true })
      return [path, `${ino} ${mtimeNs} ${ctimeNs}`]
    }),
  )
