import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** How long the command takes to start, and to make the smallest bundle, each compared with Node doing nothing. */
export default (directory) => {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
  const edge = [process.execPath, join(root, 'dist/main.js')]
  const out = join(directory, 'out')
  return {
    rounds: 40,
    rows: [
      { name: 'node -e 0', command: [process.execPath, '-e', '0'] },
      { name: 'edge --version', command: [...edge, '--version'], goal: 1.9 },
      {
        name: 'edge generate --example',
        command: [...edge, 'generate', '--example', 'ovms-resnet50', '-o', out],
        before: () => rmSync(out, { recursive: true, force: true }),
        goal: 4,
      },
    ],
  }
}
