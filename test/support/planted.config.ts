import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// The run that `run-planted.ts` starts: its tests are planted faults, and most must fail.
const resolve = { conditions: ['source'] }
const root = fileURLToPath(new URL('../..', import.meta.url))

export default defineConfig({
  root,
  resolve,
  ssr: { resolve },
  environments: { ssr: { resolve } },
  test: {
    include: ['test/*/planted/*.planted.ts'],
    setupFiles: ['test/support/every-test.ts'],
    isolate: false,
    // One after the other: what they print is told apart by its order.
    maxWorkers: 1,
  },
})
