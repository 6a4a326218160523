import { startTestbed, type EdgePlace } from '@ticketing/testbed'
import type { TicketLane } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { acceptedId, placesOf } from '../support/bed.ts'
import { sampleOf } from '../support/sample.ts'
import {
  ALERTED,
  ALERTED_MARKED,
  ALERTED_TWICE,
  STORED,
  DEAD_WITH_NOTICE,
  ON_THE_BOARD,
  play,
  PROCESS_ENDS,
  type Seen,
} from './play.ts'

/** Where a function ends, and what a user sees. The claim it leaves makes the next holder look, or mark. */
const POINTS: readonly (readonly [
  priority: TicketLane,
  when: 'before' | 'after',
  call: EdgePlace,
  seen: Partial<Seen>,
])[] = [
  ['low', 'before', 's3.putObject', STORED],
  ['low', 'after', 's3.putObject', STORED],
  ['medium', 'before', 's3.getObject', ON_THE_BOARD],
  ['medium', 'before', 's3.putObject', ON_THE_BOARD],
  ['medium', 'after', 's3.putObject', ON_THE_BOARD],
  ['medium', 'before', 'trello.createCard', ON_THE_BOARD],
  ['medium', 'after', 'trello.createCard', ON_THE_BOARD],
  ['medium', 'after', 'secretsManager.getSecretValue', ON_THE_BOARD],
  ['high', 'before', 's3.putObject', ALERTED],
  // The first object is the case, before any claim: the vendor was surely not called.
  ['high', 'after', 's3.putObject', ALERTED],
  // The next holder finds a claim, and cannot know how far its holder came.
  ['high', 'before', 'slack.postMessage', ALERTED_MARKED],
  ['high', 'after', 'slack.postMessage', ALERTED_TWICE],
]

describe.each(PROCESS_ENDS)('a function that is %s', (kind) => {
  it.each(sampleOf(POINTS, 4))('%s: %s %s', async (priority, when, call, seen) => {
    expect(
      await play({ priority, faults: [{ at: `function.${priority}`, kind, when, call, times: 1 }] }),
    ).toMatchObject(seen)
  })

  it.each([
    ['before', 's3.putObject', 1],
    ['after', 's3.putObject', 1],
    ['before', 'slack.postMessage', 1],
    // Better notified twice than never.
    ['after', 'slack.postMessage', 2],
  ] as const)('while it reports a death, %s %s: an admin is notified', async (when, call, notices) => {
    const refused = { at: 'trello.createCard', kind: '4xx', status: 400, times: 1 } as const
    const faults = [refused, { at: 'function.dead', kind, when, call, times: 1 } as const]
    expect(await play({ priority: 'medium', faults })).toMatchObject({ ...DEAD_WITH_NOTICE, notices })
  })

  it('three times in a row on one ticket: that ticket dies, with the words that it may have been delivered', async () => {
    const faults = [{ at: 'function.medium', kind, when: 'before', call: 'trello.createCard', times: 3 } as const]
    expect(await play({ priority: 'medium', faults })).toMatchObject({ ...DEAD_WITH_NOTICE, mayBeDelivered: true })
  })

  it('by one ticket spares the others: each of them is delivered once', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        bed.teams.send({ title: n === 3 ? 'Poison' : `Neighbour ${n}`, priority: 'medium', description: 'x' }),
      ),
    )
    const ids = replies.map(acceptedId)
    const [poison = ''] = ids.splice(3, 1)
    bed.faults.add({ at: 'function.medium', kind, when: 'before', call: 'trello.createCard', ticket: poison })
    await bed.clock.runUntilQuiet()
    for (const id of ids) expect(await placesOf(bed, id)).toEqual({ bucket: 0, board: 1, alert: 0 })
    expect(await bed.ledger.read(poison)).toMatchObject({ item: { state: 'dead' } })
  })
})
