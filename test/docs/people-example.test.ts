// The testbed's README shows what stands between the two marks; readme.test.ts compares them.
// README begins
import { startTestbed, ticketIdOf } from '@ticketing/testbed'
import { expect, it } from 'vitest'

it('a card that a person moves is two callbacks, each lost after three retries', async () => {
  await using bed = await startTestbed({ clock: 'virtual', callbacks: { trello: '/trello' } })
  const form = { title: 'Login page is blank', priority: 'medium', description: 'It stays white.' }
  const ticket = ticketIdOf(await bed.teams.send(form))
  await bed.clock.runUntilQuiet()

  bed.faults.add({ at: 'callback.trello', kind: '5xx' })
  bed.trello.moveCard(ticket, 'Done', { by: 'Grace Example' })
  await bed.clock.runUntilQuiet()

  expect(bed.journal.count({ source: 'trello', kind: 'callback', outcome: 503 })).toBe(8)
  expect(bed.journal.count({ source: 'trello', kind: 'callback-lost', outcome: 503 })).toBe(2)
})
// README ends
