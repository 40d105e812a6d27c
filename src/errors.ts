/**
 * The errors that end a command, each with its exit status (contract, exit status). Anything else that is thrown is a
 * defect of edge: 70, with a stack trace.
 */
export abstract class CommandError extends Error {
  abstract readonly exitStatus: number
  /** What to do about it. */
  readonly help?: string

  constructor(message: string, options: { readonly help?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    if (options.help !== undefined) this.help = options.help
  }
}

/** Wrong usage, or input that a command refuses to work on. */
export class InputError extends CommandError {
  override readonly name = 'InputError'
  readonly exitStatus = 2
}

/** The environment: a permission, a full disk, a missing program. */
export class EnvironmentError extends CommandError {
  override readonly name = 'EnvironmentError'
  readonly exitStatus = 3
}

const environmentCodes: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  EFBIG: 'it is larger than the file system or a limit of this process allows',
  EIO: 'the disk has an error',
  EBUSY: 'it is in use, or something is mounted there',
  EXDEV: 'a part of it is on another file system',
  ESTALE: 'the server of the file system no longer knows it',
}

const inputCodes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'something else stands there',
  ENOTEMPTY: 'something else stands there',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
  ERR_STRING_TOO_LONG: 'it is too large',
}

/**
 * Turns an error of the file system into one that a command may end with. What the system refuses for a reason that stands in
 * no table is the environment's as well, never a defect of edge.
 *
 * @param error - what was thrown
 * @param what - what was tried, as in `cannot read edge.yaml`
 */
export const fileError = (error: unknown, what: string): unknown => {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (Object.hasOwn(environmentCodes, code))
    return new EnvironmentError(`${what}: ${environmentCodes[code]}`, { cause: error })
  if (Object.hasOwn(inputCodes, code)) return new InputError(`${what}: ${inputCodes[code]}`, { cause: error })
  if (syscall !== undefined && /^E[A-Z0-9]+$/.test(code))
    return new EnvironmentError(`${what}: the system answers ${code} to ${syscall}`, { cause: error })
  return error
}
