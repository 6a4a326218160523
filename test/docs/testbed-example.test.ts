// The READMEs show what stands between the two marks; readme.test.ts compares them.
// README begins
import { startTestbed, ticketIdOf } from '@ticketing/testbed'
import { setUpTestbeds } from '@ticketing/testbed/vitest'
import { expect, it } from 'vitest'

// Adds the matchers, and prints the timeline of the ticket when a test fails.
setUpTestbeds()

it('a card is made once, although Trello was down for six hours', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const outage = bed.faults.add({ at: 'trello.*', kind: '5xx' })

  const reply = await bed.teams.send({
    title: 'Login page is blank',
    priority: 'medium',
    description: 'Since 9:40 it stays white.',
  })
  const ticket = ticketIdOf(reply)
  await bed.clock.advance('6h')
  expect(bed).toHaveDelivered(ticket, {})

  outage.remove()
  await bed.clock.runUntilQuiet()
  expect(bed).toHaveDelivered(ticket, { trello: 1 })
})
// README ends
