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

/** Knows which test, or which describe, started a testbed: its end and its failures are that one's only. */
export interface BedOwners extends TestbedWatcher {
  /** Runs a file or a describe. Gives what its hooks left to be told. */
  ofSuite(suite: Suite, run: () => Promise<void>): Promise<readonly unknown[]>
  /** Runs one attempt of a test. Gives its own testbeds, those of the describes around it, and what is left to be told. */
  ofTest(
    test: Test,
    run: () => Promise<void>,
  ): Promise<{
    readonly own: readonly WatchedTestbed[]
    readonly shared: readonly WatchedTestbed[]
    readonly failures: unknown[]
  }>
}

// Tests can run side by side: what a test calls finds its way back to it by the asynchronous context.
const currentRun = new AsyncLocalStorage<Run>()

/** For the tests of one file. */
export function createBedOwners(): BedOwners {
  const suites = new Map<WatchedTestbed, Suite | undefined>()
  const failures: unknown[] = []
  let outermost: Suite | undefined

  return {
    started: (bed) => {
      const run = currentRun.getStore()
      // A test that timed out goes on, and starts what nobody stops any more.
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
      // What the file itself started before it ran has no suite, and is everybody's.
      const shared = [...suites].flatMap(([bed, suite]) => (suite === undefined || around.has(suite) ? [bed] : []))
      return { own: [...own.beds], shared, failures: own.failures }
    },
  }
}

/** A hook is not told its describe: it is the one that has begun, and in which none has begun. */
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
