import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/tools/skipped.ts', 'test/tools/build.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
