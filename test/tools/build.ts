import { execFileSync } from 'node:child_process'
import { projectRoot } from './root.ts'

/** Builds the command before the tests run it: they hold the built one to what it does, not its sources. */
export const setup = (): void => {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: projectRoot, stdio: 'inherit' })
}
