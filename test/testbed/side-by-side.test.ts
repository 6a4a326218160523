import { startTestbed } from '@ticketing/testbed'
import { expect, it } from 'vitest'
import { acceptedId, listKeys } from '../support/bed.ts'

const FORM = { title: 'Only here', priority: 'medium', description: 'Nobody else sees it.' }

it('beds in one process do not see each other: time, faults, queues, cards, files, journal', async () => {
  await using first = await startTestbed({ clock: 'virtual' })
  await using second = await startTestbed({ clock: 'virtual' })
  const began = second.clock.now()
  const outage = first.faults.add({ at: 'trello.*', kind: '5xx' })

  const id = acceptedId(await first.teams.send(FORM))
  await first.clock.advance('2h')
  expect(outage.fired).toBeGreaterThan(2)
  expect([first.clock.now() - began, second.clock.now() - began]).toEqual([7_200_000, 0])
  expect([second.journal.entries, await listKeys(second, '')]).toEqual([[], []])

  // The same activity is the same ticket in both, but they deliver it independently.
  expect(acceptedId(await second.teams.send(FORM))).toBe(id)
  await second.clock.runUntilQuiet()
  expect([first.trello.cards.length, second.trello.cards.length]).toEqual([0, 1])
  expect(await first.ledger.read(id)).toMatchObject({ item: { state: 'waiting' } })
  expect(await second.ledger.read(id)).toMatchObject({ item: { state: 'delivered' } })
})

it('they run in parallel, and stopping one does not stop the other', async () => {
  const beds = await Promise.all(Array.from({ length: 4 }, () => startTestbed({ clock: 'virtual' })))
  const [stopped, ...others] = beds
  const ids = await Promise.all(beds.map(async (bed) => acceptedId(await bed.teams.send(FORM))))
  expect(new Set(ids).size).toBe(1)
  await stopped?.stop()
  await Promise.all(others.map((bed) => bed.clock.runUntilQuiet()))
  expect(others.map(({ trello }) => trello.cards.length)).toEqual([1, 1, 1])
  await Promise.all(others.map((bed) => bed.stop()))
})

it('a testbed starts like the first one, independent of earlier ones', async () => {
  for (const title of ['First', 'Second']) {
    await using bed = await startTestbed({ clock: 'virtual' })
    await bed.teams.send({ ...FORM, title })
    await bed.clock.runUntilQuiet()
    expect(bed.trello.cards.map(({ name }) => name)).toEqual([title])
  }
})
