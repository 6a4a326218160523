import { createFaults, startTestbed, UnfiredFaults } from '@ticketing/testbed'
import { expect, it } from 'vitest'

const FORM = { title: 'Anything', priority: 'medium', description: 'At all.' }

it('a fault that hit no call fails the test that added it: the stop names it', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.createCard', kind: '429', times: 1 })
  bed.faults.add({ at: 'slack.postMessage', kind: 'reset' })
  await bed.teams.send(FORM)
  await bed.clock.runUntilQuiet()
  const stopped = bed.stop()
  await expect(stopped).rejects.toThrow(UnfiredFaults)
  await expect(stopped).rejects.toThrow(
    'these faults never hit a call, or never happened: {"at":"slack.postMessage","kind":"reset"}. Let the test make such a call, or do not add them. A fault that was removed before it hit a call counts too.',
  )
})

it('so does a scheduled event that has not happened yet', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'clock', kind: 'jump', by: '1h', in: '10m' })
  await bed.clock.advance('9m')
  await expect(bed.stop()).rejects.toMatchObject({ faults: [{ at: 'clock' }] })
})

it('so does a fault that was removed before it hit a call; a removed event does not happen', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  const began = bed.clock.now()
  bed.faults.add({ at: 'clock', kind: 'jump', by: '1h', in: '10m' }).remove()
  await bed.clock.advance('20m')
  expect(bed.clock.now() - began).toBe(1_200_000)
  await expect(bed.stop()).rejects.toMatchObject({ faults: [{ at: 'clock' }] })
})

it('a fault with chance 1 must fire', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.*', kind: '5xx', chance: 1 })
  await expect(bed.stop()).rejects.toThrow(UnfiredFaults)
})

it('a fault with a smaller chance need not fire', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.*', kind: '5xx', chance: 0.000001 })
  await bed.teams.send(FORM)
  await expect(bed.stop()).resolves.toBeUndefined()
})

it('faults that need the virtual clock are refused on the real one', () => {
  expect(() => createFaults().add({ at: 'secret', kind: 'rotated', what: 'slack' })).toThrow(
    'The fault "secret rotated" needs the virtual clock',
  )
  expect(() => createFaults().add({ at: 'server', kind: 'killed', call: 'sqs.*' })).toThrow(
    'The fault "server killed" needs the virtual clock',
  )
  expect(() => createFaults().add({ at: 'sqs.*', kind: '5xx', chance: 0.5 })).toThrow('needs a seed')
})
