import { spawn } from 'node:child_process'

/** How a program ended. */
export interface Ended {
  /** Null when it was ended. */
  readonly status: number | null
  readonly stdout: Buffer
  /** Its last lines. */
  readonly stderr: string
  readonly timedOut: boolean
  /** Whether it was ended because it wrote more than is taken. */
  readonly tooLarge: boolean
}

export interface RunLimits {
  /** Longest time, in milliseconds. */
  readonly timeout: number
  /** Bytes of standard output that are taken. */
  readonly largest: number
}

/** What a program has to say stands in its last lines. */
const mostMessages = 64 * 1024
/** How long what is left in the pipes is waited for once a program has ended, in milliseconds: what it started may hold them open for ever. */
const grace = 500

/**
 * Starts a program with arguments, never by a shell.
 *
 * @throws the error of the system when it cannot be started
 */
export const run = async (program: string, args: readonly string[], { timeout, largest }: RunLimits): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const pieces: Buffer[] = []
    let length = 0
    let stderr = ''
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, timeout)
    child.stdout.on('data', (piece: Buffer) => {
      length += piece.length
      if (length > largest) child.kill('SIGKILL')
      else pieces.push(piece)
    })
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      stderr = (stderr + piece).slice(-mostMessages)
    })
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('exit', () => {
      clearTimeout(timer)
      const rest = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, grace)
      child.once('close', () => clearTimeout(rest))
    })
    child.once('close', (status) =>
      resolve({ status, stdout: Buffer.concat(pieces), stderr, timedOut, tooLarge: length > largest }),
    )
  })
