import { startTestbed, type Fault } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId } from '../support/bed.ts'

const TRELLO = { at: 'trello.createCard', kind: '4xx', times: 1 } as const
const BOARD = { at: 'trello.listLists', kind: '4xx', times: 1 } as const
const SLACK = { at: 'slack.postMessage', kind: '4xx', times: 1 } as const

/** What a vendor says to a key of the secret that is wrong, and the keys that the operator must look at. */
const REFUSALS: readonly [Fault, 'medium' | 'high', string][] = [
  [{ ...TRELLO, status: 401, body: 'invalid token' }, 'medium', 'check TRELLO_API_KEY and TRELLO_API_TOKEN'],
  [
    { ...BOARD, status: 401, body: 'unauthorized permission requested' },
    'medium',
    'check TRELLO_API_TOKEN and TRELLO_BOARD_ID',
  ],
  [{ ...BOARD, status: 400, body: 'invalid id' }, 'medium', 'check TRELLO_BOARD_ID'],
  [{ ...BOARD, status: 404, body: 'board not found' }, 'medium', 'check TRELLO_BOARD_ID'],
  [{ ...SLACK, status: 404, body: 'no_service' }, 'high', 'check SLACK_URL'],
]

describe('a vendor that refuses what the secret holds', () => {
  it.each(REFUSALS)('%j: the dead letter and the notice name the keys', async (fault, priority, words) => {
    await using bed = await startTestbed({ clock: 'virtual' })
    bed.faults.add(fault)
    const id = acceptedId(await bed.teams.send({ title: 'Refused', priority, description: 'By a wrong key.' }))
    await bed.clock.runUntilQuiet()
    const letter = await bed.archive.read(id)
    expect(letter).toMatchObject({ item: { cause: { reason: expect.stringContaining(words) } } })
    const notice = bed.slack.messages.find(({ channel }) => channel === 'ticket-admins')
    expect(notice?.shown).toContain(`(${words} in the secret)`)
  })
})
