import { defineConfig } from 'vitest/config'

// Everything runs from source: the `source` condition of each package's exports map points at src/.
const resolve = { conditions: ['source'] }
const ssr = { resolve: { conditions: ['source'] } }

export default defineConfig({
  resolve,
  ssr,
  test: {
    // No module is mocked and no global is touched, so files can share a worker: half the time goes with loading otherwise.
    isolate: false,
    projects: [
      { resolve, ssr, test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'] } },
      {
        resolve,
        ssr,
        test: {
          name: 'scenarios',
          include: ['test/**/*.test.ts'],
          testTimeout: 40_000,
          hookTimeout: 40_000,
          globalSetup: ['test/support/build-bundles.ts'],
        },
      },
    ],
  },
})
