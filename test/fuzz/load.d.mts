import type * as Targets from './targets.ts'
import type { Target } from './hold.ts'

export function loadTargets(): Promise<typeof Targets>
export function seedsOf(target: Target): Promise<readonly { readonly name: string; readonly bytes: Buffer }[]>
