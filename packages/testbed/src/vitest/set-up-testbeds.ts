import { afterEach, expect } from 'vitest'
import type { TestContext } from 'vitest'
import type { UnfiredFaults } from '../faults/create-faults.ts'
import type { Journal } from '../journal/create-journal.ts'
import { findTicketId } from '../simulators/find-ticket-id.ts'
import { watchTestbeds } from '../system/watch-testbeds.ts'
import { matchers } from './matchers.ts'

/** Lines that are told of a testbed where no ticket is named. */
const LAST_LINES = 150

/**
 * For a setup file of Vitest, or the top of a test file: `expect(bed)` learns what {@link TestbedMatchers} says, a test
 * that fails prints what happened in its testbeds, to the ticket that its error names or at all, and one that passed
 * although its faults never fired fails.
 */
export function setUpTestbeds(): void {
  expect.extend(matchers)
  const open = new Set<Journal>()
  const stopped = new Set<Journal>()
  let unfired: UnfiredFaults | undefined
  watchTestbeds({
    started: (journal) => void open.add(journal),
    stopped: (journal) => {
      open.delete(journal)
      stopped.add(journal)
    },
    unfired: (error) => void (unfired = error),
  })
  afterEach(({ task }) => {
    const journals = [...open, ...stopped]
    const left = unfired
    stopped.clear()
    unfired = undefined
    if (task.result?.state === 'fail') printStories(task, journals)
    else if (left) throw left
  })
}

function printStories({ name, result }: TestContext['task'], journals: readonly Journal[]): void {
  const errors = (result?.errors ?? []).map(({ message }) => message).join('\n')
  // What a matcher of ours says has the story in it.
  if (journals.length === 0 || errors.includes('What happened')) return
  const ticket = findTicketId(errors)
  const whose = ticket === undefined ? '' : ` to ${ticket}`
  for (const journal of journals) {
    const told = journal.story(ticket).split('\n').slice(-LAST_LINES).join('\n')
    process.stderr.write(`"${name}" failed. What happened${whose}:\n${told}\n`)
  }
}
