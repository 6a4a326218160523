import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SECURITY_DEFECTS } from './planted-defects.ts'

// What `pnpm test:security-defects` runs: for each planted defect the file that must catch it, in a process of its own.
const root = fileURLToPath(new URL('../..', import.meta.url))

export default defineConfig({
  root,
  test: {
    // Vitest leaves a core to its watcher, and nothing watches here.
    maxWorkers: '100%',
    projects: SECURITY_DEFECTS.map(({ name, caughtBy, hangs }, index) => ({
      test: {
        name,
        root,
        include: [testFileOf(caughtBy)],
        setupFiles: ['test/support/every-test.ts'],
        execArgv: [
          '--conditions=source',
          `--import=${new URL(`./plant-on-load.ts?defect=${index}`, import.meta.url).href}`,
        ],
        experimental: { viteModuleRunner: false, nodeLoader: false },
        provide: { backend: 'virtual' },
        globalSetup: ['test/support/build-bundles.ts'],
        // What hangs is waited for no longer than what is slow on a busy machine takes.
        testTimeout: hangs === true ? 3_000 : 8_000,
      },
    })),
  },
})

function testFileOf(caughtBy: string): string {
  const [file = ''] = caughtBy.split('::')
  return file.startsWith('test/') ? file : `packages/${file}`
}
