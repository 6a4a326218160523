import { setTimeout } from 'node:timers/promises'
import { aroundAll, aroundEach, expect, type TestContext } from 'vitest'
import type { Journal } from '../journal/create-journal.ts'
import { findTicketId } from '../simulators/find-ticket-id.ts'
import { watchTestbeds, type WatchedTestbed } from '../system/watch-testbeds.ts'
import { createBedOwners } from './bed-owners.ts'
import { matchers } from './matchers.ts'

/** Lines of a timeline that are printed at most. */
const LAST_LINES = 150
/** How long a failed test waits at most for its testbeds to stop. Even with processes they need much less. */
const STOP_TIMEOUT_MS = 2_000

/**
 * For a setup file of Vitest, or the top of a test file. Adds {@link TestbedMatchers} to `expect(bed)`. A failed test
 * prints the timelines of its testbeds (its own, and those of the describes around it), of the ticket that its error
 * names or of all. At its end a test stops what it started; it fails if a fault never fired or a process used real time.
 */
export function setUpTestbeds(): void {
  expect.extend(matchers)
  const owners = createBedOwners()
  watchTestbeds(owners)
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the fixtures that a hook takes from its pattern
  aroundAll(async (runSuite, {}, suite) => {
    const failures = await owners.ofSuite(suite, runSuite)
    if (failures.length > 0) throw new AggregateError(failures)
  })
  aroundEach(async (runTest, { task }) => {
    const { shared, own, failures } = await owners.ofTest(task, runTest)
    if (task.result?.state === 'fail')
      printTimelines(
        task,
        [...shared, ...own].map(({ journal }) => journal),
      )
    const stopped = stopAll(own, failures)
    // A test that timed out goes on running, and its testbed may wait for it.
    if (task.result?.state === 'pass') await stopped
    else await Promise.race([stopped, setTimeout(stopTimeoutOf(task), undefined, { ref: false })])
    if (task.result?.state === 'pass' && failures.length > 0) throw new AggregateError(failures)
  })
}

/** At most the test's own time-out, where 0 means none. */
function stopTimeoutOf({ timeout }: TestContext['task']): number {
  return timeout === 0 ? STOP_TIMEOUT_MS : Math.min(STOP_TIMEOUT_MS, timeout)
}

async function stopAll(beds: readonly WatchedTestbed[], failures: unknown[]): Promise<void> {
  for (const bed of beds) await bed.stop().catch((error: unknown) => failures.push(error))
}

function printTimelines({ name, result }: TestContext['task'], journals: readonly Journal[]): void {
  const errors = (result?.errors ?? []).map(({ message }) => message).join('\n')
  // Errors of our matchers contain the timeline.
  if (journals.length === 0 || errors.includes('What happened')) return
  const ticket = findTicketId(errors)
  const whose = ticket === undefined ? '' : ` to ${ticket}`
  for (const journal of journals) {
    const lines = journal.timeline(ticket).split('\n').slice(-LAST_LINES).join('\n')
    process.stderr.write(`"${name}" failed. What happened${whose}:\n${lines}\n`)
  }
}
