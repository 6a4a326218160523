import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { listScenarios } from './test/backends/list-scenarios.ts'
import { HeavyFirst } from './test/support/heavy-first.ts'

/** Where time is real: all scenarios but those that move it. */
const include = listScenarios().flatMap(({ file, needsVirtualClock }) => (needsVirtualClock ? [] : [file]))
/** Scenarios of more than one server, or of one that starts again. */
const OF_SERVERS = /\/(server-restart|prefix-change|same-activity-twice)\./
/** Plants defects and sees them caught: some minutes, and nothing that a change of anything else could break. */
const PLANTED_DEFECTS = 'test/properties/planted-defects*.test.ts'
/** Nothing else shows what these do, but each takes seconds. */
const ONLY_LONG = [
  'test/cli/{credentials,dev,managed-server,state-folder}.test.ts',
  'test/durability/*.test.ts',
  'test/scale/ten-thousand-tickets.test.ts',
  'test/testbed/failing-tests.test.ts',
  'packages/local-aws/src/executors/process.test.ts',
]
/** `test` tries a sample of what these have. */
const SAMPLED = [
  'test/faults/{functions,long-outage,s3}.test.ts',
  'test/permissions/{functions,operator,server}.test.ts',
  'test/properties/no-*.test.ts',
]
const setupFiles = ['test/support/every-test.ts']

export default defineConfig({
  test: {
    // No module is mocked and no global is touched, so files can share a worker: half the time goes with loading otherwise.
    isolate: false,
    // Node loads the modules itself, as it does outside of tests: it strips types, and finds packages at their source.
    // Through Vite a run took a twentieth longer: there each use of an import is a call.
    execArgv: ['--conditions=source'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Vitest leaves a core to the watcher; nobody watches here, and much of the time goes with waiting for processes.
    maxWorkers: '100%',
    sequence: { sequencer: HeavyFirst },
    // The time-outs only end what hangs: a busy machine must not turn a test red.
    projects: [
      {
        // In one project: another would load everything once more.
        test: {
          name: 'tests',
          include: ['test/**/*.test.ts', 'packages/*/src/**/*.test.ts'],
          exclude: ['test/deploy/**', 'test/kubernetes/**', 'test/browser/**', PLANTED_DEFECTS, ...ONLY_LONG],
          testTimeout: 40_000,
          hookTimeout: 40_000,
          setupFiles,
          globalSetup: ['test/support/build-bundles.ts'],
          provide: { backend: 'virtual', sampled: true },
        },
      },
      {
        // What takes long, in full: a step of its own.
        test: {
          name: 'long',
          include: [...ONLY_LONG, ...SAMPLED],
          testTimeout: 40_000,
          hookTimeout: 40_000,
          setupFiles,
          globalSetup: ['test/support/build-bundles.ts'],
          provide: { backend: 'virtual' },
        },
      },
      {
        // All scenarios, with real processes and sockets on the system's clock: a step of its own.
        test: {
          name: 'processes',
          include,
          testTimeout: 300_000,
          hookTimeout: 40_000,
          setupFiles,
          globalSetup: ['test/support/build-bundles.ts'],
          provide: { backend: 'processes' },
        },
      },
      {
        // The same with line 1 as a function, behind its address, which nobody restarts: a step of its own.
        test: {
          name: 'function-intake',
          include: include.filter((file) => !OF_SERVERS.test(file)),
          testTimeout: 300_000,
          hookTimeout: 180_000,
          setupFiles,
          globalSetup: ['test/support/build-bundles.ts'],
          provide: { backend: 'processes', intake: 'function' },
        },
      },
      ...externalBackends(),
      {
        test: {
          name: 'defects',
          include: [PLANTED_DEFECTS],
          testTimeout: 60_000,
          setupFiles,
          provide: { backend: 'virtual' },
        },
      },
      {
        // Wants Chromium.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          setupFiles,
          globalSetup: ['test/support/build-bundles.ts'],
        },
      },
      {
        test: {
          name: 'deploy',
          include: ['test/deploy/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          setupFiles,
          globalSetup: ['test/deploy/setup.ts'],
        },
      },
      {
        test: {
          name: 'kubernetes',
          include: ['test/kubernetes/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          setupFiles,
          globalSetup: ['test/kubernetes/setup.ts'],
        },
      },
    ],
  },
})

/** The same files on another cloud, where the command that runs Vitest has found one. */
function externalBackends(): TestProjectInlineConfiguration[] {
  const asked = [
    ...(process.env['TICKETING_TEST_LOCALSTACK'] === '1' ? ['localstack'] : []),
    ...(process.env['TICKETING_TEST_ENDPOINT'] === undefined ? [] : ['endpoint']),
  ]
  return asked.map((name) => ({
    test: {
      name,
      include,
      testTimeout: 300_000,
      hookTimeout: 180_000,
      setupFiles,
      globalSetup: [`test/backends/setup-${name}.ts`],
      provide: { backend: 'external' },
    },
  }))
}
