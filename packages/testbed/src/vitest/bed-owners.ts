import { AsyncLocalStorage } from 'node:async_hooks'
import type { RunnerTestSuite, TestContext } from 'vitest'
import type { TestbedWatcher, WatchedTestbed } from '../system/watch-testbeds.ts'

type Suite = Readonly<RunnerTestSuite>
type Test = TestContext['task']

interface Run {
  isOver: boolean
  readonly beds: Set<WatchedTestbed>
  readonly failures: unknown[]
}

/** Knows which test, or which describe, started a testbed: that one stops it and reports its failures. */
export interface BedOwners extends TestbedWatcher {
  /** Runs a file or a describe. Resolves with the failures of its hooks' testbeds. */
  ofSuite(suite: Suite, run: () => Promise<void>): Promise<readonly unknown[]>
  /** Runs one attempt of a test. Resolves with its own testbeds, those of the describes around it, and failures to report. */
  ofTest(
    test: Test,
    run: () => Promise<void>,
  ): Promise<{
    readonly own: readonly WatchedTestbed[]
    readonly shared: readonly WatchedTestbed[]
    readonly failures: unknown[]
  }>
}

// Tests can run in parallel: the asynchronous context says which test made a call.
const currentRun = new AsyncLocalStorage<Run>()

/** For the tests of one file. */
export function createBedOwners(): BedOwners {
  const suites = new Map<WatchedTestbed, Suite | undefined>()
  const failures: unknown[] = []
  let outermost: Suite | undefined

  return {
    started: (bed) => {
      const run = currentRun.getStore()
      // A test that timed out goes on running. What it starts now must be stopped here.
      if (run?.isOver) bed.stop().catch(() => undefined)
      else if (run) run.beds.add(bed)
      else suites.set(bed, outermost && innermostRunning(outermost))
    },
    found: (error) => void (currentRun.getStore()?.failures ?? failures).push(error),
    ofSuite: async (suite, run) => {
      outermost = suite
      await run()
      return failures.splice(0)
    },
    ofTest: async (test, run) => {
      const own: Run = { isOver: false, beds: new Set(), failures: [] }
      await currentRun.run(own, run)
      own.isOver = true
      const around = new Set(suitesAround(test))
      // A testbed that the file started while it loaded has no suite: all tests share it.
      const shared = [...suites].flatMap(([bed, suite]) => (suite === undefined || around.has(suite) ? [bed] : []))
      return { own: [...own.beds], shared, failures: own.failures }
    },
  }
}

/** Vitest does not pass a hook its describe. It is the innermost one that is running. */
function innermostRunning(suite: Suite): Suite {
  const running = suite.tasks.filter((task) => task.type === 'suite' && task.result?.state === 'run')
  const [only] = running
  return running.length === 1 && only?.type === 'suite' ? innermostRunning(only) : suite
}

function suitesAround({ suite, file }: Test): Suite[] {
  const around: Suite[] = [file]
  for (let each = suite; each; each = each.suite) around.push(each)
  return around
}
