// The testbed's README shows what stands between the two marks; readme.test.ts compares them.
// README begins
import { startTestbed, ticketIdOf } from '@ticketing/testbed'
import { expect, it } from 'vitest'

it('killed processes come back, and nothing is lost', async () => {
  await using bed = await startTestbed({ clock: 'virtual', replicas: 2 })
  const [first, second] = bed.replicas
  bed.faults.add({ at: 'server', kind: 'killed', when: 'before', call: 'sqs.sendMessageBatch', times: 1 })
  bed.faults.add({ at: 'function.medium', kind: 'killed', when: 'before', call: 'trello.createCard', times: 1 })
  const form = { title: 'Login page is blank', priority: 'medium', description: 'It stays white.' }

  expect(await bed.teams.send(form)).toMatchObject({ kind: 'failed' })
  const reply = await bed.teams.send(form, { to: second?.url })
  await first?.start()
  expect(await bed.teams.send(form)).toMatchObject({ kind: 'replied', status: 200 })

  await bed.clock.runUntilQuiet()
  expect(bed).toHaveDelivered(ticketIdOf(reply), { trello: 1 })
})
// README ends
