import { readFileSync, readlinkSync } from 'node:fs'

/** A process, told from all that come after it: in containers the same number comes again and again. */
export interface Owner {
  /** The boot of the machine and the namespace that numbers processes; empty where the system does not tell. */
  readonly numbering: string
  readonly pid: number
  /** When it began, as the kernel counts. */
  readonly start: string
}

/** The process that this is. */
export const thisProcess = (): Owner => ({ numbering: numbering(), pid: process.pid, start: startOf('self') ?? '' })

/**
 * Whether a process still runs.
 *
 * @returns undefined when that cannot be told from here: it ran in another container, or on another machine
 */
export const isRunning = ({ numbering: where, pid, start }: Owner): boolean | undefined =>
  where === '' || where !== numbering() ? undefined : startOf(String(pid)) === start

const numbering = (): string => {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/** Ticks from the start of the machine to that of a process: field 22 of proc(5), behind a name that may hold anything. */
const startOf = (pid: string): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie is a process that nobody has asked about yet: it writes no more.
    return state === 'Z' || state === 'X' ? undefined : fields[18]
  } catch {
    return undefined
  }
}
