import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/tools/skipped.ts', 'test/tools/build.ts'],
    // A file's worker mostly waits for the program that it started, and programs for servers, disks and each other.
    maxWorkers: 2 * availableParallelism(),
    // Against what never ends; nothing is held to a time, and the machine may have other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
