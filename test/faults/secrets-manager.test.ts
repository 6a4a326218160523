import { startTestbed, type Fault } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId, placesOf } from '../support/bed.ts'
import { ALERTED, DEAD_WITH_NOTICE, look, ON_THE_BOARD, play, rowsOf, type Outcomes } from './play.ts'

const GET = { at: 'secretsManager.getSecretValue', times: 1 } as const

/** Without the secret nothing is sent; the ticket waits until it can be read. */
const READING: Outcomes<'secretsManager.getSecretValue'> = {
  throttled: [[{ ...GET, kind: 'throttled', times: 3 }, ON_THE_BOARD]],
  '5xx': [[{ ...GET, kind: '5xx', times: 3 }, ON_THE_BOARD]],
  denied: [[{ ...GET, kind: 'denied', times: 3 }, ON_THE_BOARD]],
  'timeout-before-effect': [[{ ...GET, kind: 'timeout-before-effect', times: 2 }, ON_THE_BOARD]],
  'timeout-after-effect': [[{ ...GET, kind: 'timeout-after-effect', times: 2 }, ON_THE_BOARD]],
  reset: [[{ ...GET, kind: 'reset', times: 2 }, ON_THE_BOARD]],
  'too-many-files': [[{ ...GET, kind: 'too-many-files', times: 3 }, ON_THE_BOARD]],
  'damaged-page': [[{ ...GET, kind: 'damaged-page', times: 3 }, ON_THE_BOARD]],
  slow: [
    [{ ...GET, kind: 'slow', ms: 1_000 }, ON_THE_BOARD],
    [{ ...GET, kind: 'slow', ms: 40_000 }, ON_THE_BOARD],
  ],
}

describe('the secret, when a function reads it', () => {
  it.each(rowsOf(READING))('%s', async (_name, fault, seen) => {
    expect(await play({ priority: 'medium', faults: [fault] })).toMatchObject(seen)
  })
})

const FORM = { title: 'After the change', description: 'Of the credential.' }

/** One ticket before, one after a credential was replaced: a process that kept the old one must read the secret again. */
async function rotate(fault: Extract<Fault, { kind: 'rotated' }>, priority: 'medium' | 'high') {
  await using bed = await startTestbed({ clock: 'virtual' })
  const before = acceptedId(await bed.teams.send({ ...FORM, title: 'Before', priority }))
  await bed.clock.runUntilQuiet()
  bed.faults.add(fault)
  await bed.clock.advance('1s')
  const began = bed.clock.now()
  const reply = await bed.teams.send({ ...FORM, priority })
  await bed.clock.runUntilQuiet()
  return { before: await placesOf(bed, before), after: await look(bed, { reply, began }), requests: bed.journal }
}

describe('a credential that is replaced', () => {
  it('trello: the old token is refused once, and the card is made with the new one', async () => {
    const { before, after, requests } = await rotate({ at: 'secret', kind: 'rotated', what: 'trello' }, 'medium')
    expect(before).toEqual({ bucket: 0, board: 1, alert: 0 })
    expect(after).toMatchObject({ ...ON_THE_BOARD, firstCode: 'delivered' })
    expect(requests.count({ source: 'trello', kind: 'call', outcome: 401 })).toBe(1)
  })

  it('slack: the old address is refused once, and the message goes to the new one', async () => {
    const { before, after, requests } = await rotate({ at: 'secret', kind: 'rotated', what: 'slack' }, 'high')
    expect(before).toEqual({ bucket: 0, board: 0, alert: 1 })
    expect(after).toMatchObject({ ...ALERTED, firstCode: 'delivered' })
    expect(requests.all({ source: 'slack', kind: 'call' }).map(({ outcome }) => outcome)).toEqual([200, 404, 200])
  })

  it('teams: a message signed with the new token is taken, one with the old token refused', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const old = bed.teams.token
    bed.faults.add({ at: 'secret', kind: 'rotated', what: 'teams' })
    await bed.clock.advance('1s')
    expect(bed.teams.token).not.toBe(old)
    const id = acceptedId(await bed.teams.send({ ...FORM, priority: 'low' }))
    await bed.clock.runUntilQuiet()
    expect(await placesOf(bed, id)).toEqual({ bucket: 1, board: 0, alert: 0 })
    await bed.clock.advance('10m')
    expect(await bed.teams.send({ ...FORM, priority: 'low' }, { token: old })).toMatchObject({ status: 401 })
  })

  it.each([
    ['trello', 'medium'],
    ['slack', 'high'],
  ] as const)(
    '%s: when the secret learns of it only later, the ticket is dead meanwhile, and an admin is notified',
    async (what, priority) => {
      const { after } = await rotate({ at: 'secret', kind: 'rotated', what, writtenAfter: '2h' }, priority)
      expect(after).toMatchObject(DEAD_WITH_NOTICE)
    },
  )
})

it('is read for all messages at once that come after a quiet hour: none of them is refused', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  acceptedId(await bed.teams.send({ ...FORM, priority: 'low' }))
  await bed.clock.advance('61m')
  const replies = await Promise.all([1, 2, 3].map(() => bed.teams.send({ ...FORM, priority: 'low' })))
  expect(new Set(replies.map(acceptedId)).size).toBe(3)
})
