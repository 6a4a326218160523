import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// The run that `run-planted.ts` starts: its tests are planted faults, and most must fail.
const root = fileURLToPath(new URL('../..', import.meta.url))

export default defineConfig({
  root,
  test: {
    include: ['test/*/planted/*.planted.ts'],
    setupFiles: ['test/support/every-test.ts'],
    isolate: false,
    execArgv: ['--conditions=source'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // One after the other: the order separates their output.
    maxWorkers: 1,
  },
})
