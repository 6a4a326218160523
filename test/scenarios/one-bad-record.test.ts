import { SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import { writeEnvelope, type Ticket } from 'ticket-core'
import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listKeys, eventually, startBed, untilDelivered } from '../support/bed.ts'

const DAMAGED = '{"v":1,"ticket":{"id":"T-00000-00000"'

/** Ten messages in one call reach the function as one batch, or few: nine good ones around a damaged one. */
function tickets(): Ticket[] {
  return Array.from({ length: 9 }, (_, n) => ({
    id: `T-0000${n}-0000${n}`,
    source: String(n).repeat(64),
    title: `Neighbour ${n}`,
    priority: 'medium' as const,
    description: 'Must not suffer.',
    links: [],
    createdAt: '2026-11-23T14:03:22.000Z',
  }))
}

describe('one bad record spares the other nine', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('nine cards, and the damaged body whole in the archive of dead letters', async () => {
    const good = tickets()
    const bodies = good.map((ticket) => {
      const envelope = writeEnvelope({ ticket, life: 0 })
      if (!envelope.ok) throw new Error('too large')
      return envelope.value
    })
    const entries = [...bodies.slice(0, 4), DAMAGED, ...bodies.slice(4)].map((MessageBody, n) => ({
      Id: String(n),
      MessageBody,
    }))
    await bed.clients.sqs.send(
      new SendMessageBatchCommand({ QueueUrl: bed.queueUrls[`${bed.prefix}-MP`], Entries: entries }),
    )
    await untilDelivered(
      bed,
      good.map(({ id }) => id),
    )
    expect(bed.trello.cards.map(({ name }) => name).toSorted()).toEqual(good.map(({ title }) => title))

    await eventually(bed, async () =>
      expect(await listKeys(bed, 'dead-letters/')).toEqual([
        expect.stringMatching(/^dead-letters\/unreadable-[0-9a-f]{16}\.json$/),
      ]),
    )
    const [key = ''] = await listKeys(bed, 'dead-letters/')
    const stored = await bed.archive.read(key.slice('dead-letters/'.length, -'.json'.length))
    expect(stored).toMatchObject({
      kind: 'found',
      item: { kind: 'unreadable', message: { body: DAMAGED }, cause: { code: 'unreadable' } },
    })
    await bed.journal.until({ source: 'slack', kind: 'message-posted', channel: 'ticket-admins' })
  })
})
