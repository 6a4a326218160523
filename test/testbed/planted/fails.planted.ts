// Tests that fail, and one that passes. failing-tests.test.ts checks their output.
import { startTestbed, ticketIdOf } from '@ticketing/testbed'
import { expect, it } from 'vitest'

const FORM = { title: 'Login page is blank', priority: 'medium', description: 'It stays white.' }

it('names a ticket', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const id = ticketIdOf(await bed.teams.send(FORM))
  await bed.teams.send({ ...FORM, priority: 'high', title: 'Somebody else' })
  await bed.clock.runUntilQuiet()
  expect(bed.slack.messages, `${id} is not there`).toHaveLength(2)
})

it('fails before its fault fires', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.createCard', kind: '5xx' })
  expect(bed.trello.cards).toHaveLength(1)
})

it('has a fault that never fires', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'slack.postMessage', kind: '5xx' })
  await bed.teams.send(FORM)
  await bed.clock.runUntilQuiet()
  expect(bed.trello.cards).toHaveLength(1)
})

it('is fine beside failures', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  await bed.teams.send(FORM)
  await bed.clock.runUntilQuiet()
  expect(bed.trello.cards).toHaveLength(1)
})
