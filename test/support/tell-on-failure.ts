import { findTicketId } from '@ticketing/testbed'
import type { Testbed } from '@ticketing/testbed'
import { afterEach } from 'vitest'

/** Entries that are told of a testbed when no ticket is named. */
const LAST_LINES = 150

/** Testbeds that have not been stopped. */
const open = new Set<Testbed>()

/** Should a test fail while this testbed is up, what happened in it is printed. */
export function tellOnFailure(bed: Testbed): Testbed {
  const stop = async (): Promise<void> => {
    open.delete(watched)
    await bed.stop()
  }
  const watched: Testbed = { ...bed, stop, [Symbol.asyncDispose]: stop }
  open.add(watched)
  return watched
}

/** Called once in a file that all tests load. */
export function printStoriesOfFailedTests(): void {
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return
    const ticket = findTicketId((task.result.errors ?? []).map(({ message }) => message).join('\n'))
    for (const { journal } of open) {
      const told = journal.story(ticket).split('\n').slice(-LAST_LINES).join('\n')
      process.stderr.write(
        `"${task.name}" failed. What happened${ticket === undefined ? '' : ` to ${ticket}`}:\n${told}\n`,
      )
    }
  })
}
