import { createFaults, startTestbed, UnfiredFaults } from '@ticketing/testbed'
import { expect, it } from 'vitest'

const FORM = { title: 'Anything', priority: 'medium', description: 'At all.' }

it('a fault that met no call fails the test that added it: the stop says which', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.createCard', kind: '429', times: 1 })
  bed.faults.add({ at: 'slack.postMessage', kind: 'reset' })
  await bed.teams.send(FORM)
  await bed.clock.runUntilQuiet()
  const stopped = bed.stop()
  await expect(stopped).rejects.toThrow(UnfiredFaults)
  await expect(stopped).rejects.toThrow(
    'these faults never met a call, or never came about: {"at":"slack.postMessage","kind":"reset"}. Make what they stand for happen, or do not add them: one that was removed before it met a call counts too.',
  )
})

it('so does something that was to happen and has not happened yet', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'clock', kind: 'jump', by: '1h', in: '10m' })
  await bed.clock.advance('9m')
  await expect(bed.stop()).rejects.toMatchObject({ faults: [{ at: 'clock' }] })
})

it('so does one that was removed before it met anything; what was to happen then does not', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  const began = bed.clock.now()
  bed.faults.add({ at: 'clock', kind: 'jump', by: '1h', in: '10m' }).remove()
  await bed.clock.advance('20m')
  expect(bed.clock.now() - began).toBe(1_200_000)
  await expect(bed.stop()).rejects.toMatchObject({ faults: [{ at: 'clock' }] })
})

it('a chance of 1 is none: it must come', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.*', kind: '5xx', chance: 1 })
  await expect(bed.stop()).rejects.toThrow(UnfiredFaults)
})

it('one that comes by chance may stay away', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.*', kind: '5xx', chance: 0.000001 })
  await bed.teams.send(FORM)
  await expect(bed.stop()).resolves.toBeUndefined()
})

it('what needs the virtual clock is refused on the real one, before anything is tested without it', () => {
  expect(() => createFaults().add({ at: 'secret', kind: 'rotated', what: 'slack' })).toThrow(
    'The fault "secret rotated" needs the virtual clock',
  )
  expect(() => createFaults().add({ at: 'server', kind: 'killed', call: 'sqs.*' })).toThrow(
    'The fault "server killed" needs the virtual clock',
  )
  expect(() => createFaults().add({ at: 'sqs.*', kind: '5xx', chance: 0.5 })).toThrow('needs a seed')
})
