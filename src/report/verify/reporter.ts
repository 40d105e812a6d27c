import type { DeviceResult } from '../../verify/result.ts'
import type { Summary } from '../../verify/summary.ts'
import type { Printable } from '../printable.ts'

/** What all reports are told of the run. */
export interface RunFacts {
  /** Name of the bundle. */
  readonly bundle: string
  /** Whether more than one device may come. */
  readonly isFleet: boolean
  /** Whether it goes to a terminal that shows colours. */
  readonly colour: boolean
  /** When the run began: ISO 8601. */
  readonly started: string
}

/** Writes a report piece by piece: devices as they come, so that nothing holds a fleet. */
export interface Reporter {
  readonly begin: () => Printable
  readonly device: (result: DeviceResult) => Printable
  readonly end: (summary: Summary) => Printable
}

export type MakeReporter = (facts: RunFacts) => Reporter
