import { changeSecret, DEFAULT_PLACE, type VirtualTestbed } from '@ticketing/testbed'
import { createDeadLetterArchive, createLedger } from 'ticket-adapters/s3'
import { type Ticket, effectKey, nameResources, writeEffect } from 'ticket-core'
import { buildTicket } from '../support/records.ts'
import { expectThat } from './expect-that.ts'
import { comesTrue, countOf, isNotified, openCase, send } from './look.ts'

/** News of a ticket that was closed, and a message that cannot be read. */
export async function tellNews(bed: VirtualTestbed): Promise<void> {
  const { queue } = nameResources(bed.prefix).lanes.news
  const ticket = { ...buildTicket('medium'), teamId: DEFAULT_PLACE.teamId }
  const target = JSON.stringify({ [DEFAULT_PLACE.teamId]: { url: bed.workflows.webhookUrl } })
  await changeSecret(bed, { TEAMS_NOTIFY_URL: target })
  const { id, source } = ticket
  const by = { via: 'cli', name: 'ops' } as const
  await openCase(bed, ticket, [{ v: 1, id: 'cli:1', ticket: id, source, at: 0, by, kind: 'closed' }])
  const effect = { kind: 'sync', place: 'team', ticket: id, source } as const
  await send(bed, queue, writeEffect({ effect, life: 0 }))
  expectThat('the team is notified', await comesTrue(bed, 10, async () => bed.workflows.posts.length === 1))
  expectThat('its message is gone', await comesTrue(bed, 5, async () => (await countOf(bed, queue)) === 0))
  await tellDeath(bed, { ...buildTicket('high', 3), teamId: DEFAULT_PLACE.teamId })
  const early = buildTicket('low', 2)
  await send(bed, queue, writeEffect({ effect: { ...effect, ticket: early.id, source: early.source }, life: 0 }))
  await bed.clock.advance('100s')
  const receives = bed.journal.count({ source: 'sqs', kind: 'message-received', ticket: early.id })
  expectThat(`what comes too early is tried again soon: ${receives}`, receives > 1)
  await send(bed, queue, '{"damaged":')
  expectThat(
    'an admin is notified of what cannot be read',
    await comesTrue(bed, 60, () => isNotified(bed, 'unreadable')),
  )
}

/** A team is notified of a dead ticket once its letter is there; one without a letter is not. */
async function tellDeath(bed: VirtualTestbed, ticket: Ticket): Promise<void> {
  const { clients, bucket, clock } = bed
  const { queue } = nameResources(bed.prefix).lanes.news
  const death = { kind: 'death', place: 'team', ticket: ticket.id, source: ticket.source, ticketLife: 0 } as const
  const message = { messageId: 'm', body: '{}', attributes: {} }
  const cause = { code: 'slack-404', reason: 'No such webhook.' }
  const dead = { v: 1, key: ticket.id, nonce: 'n', kind: 'ticket', life: 0, at: 0, mayBeDelivered: false } as const
  const letter = { ...dead, ticket, message, cause, history: [] }
  await createDeadLetterArchive({ client: clients.s3, bucket, clock }).write(ticket.id, letter, 'absent')
  for (const ticketLife of [0, 1]) await send(bed, queue, writeEffect({ effect: { ...death, ticketLife }, life: 0 }))
  const other = { ...death, ticket: buildTicket('high', 4).id }
  await send(bed, queue, writeEffect({ effect: other, life: 0 }))
  expectThat(
    'the team is notified of the death',
    await comesTrue(bed, 10, async () => bed.workflows.posts.length === 2),
  )
  expectThat('all messages are gone', await comesTrue(bed, 5, async () => (await countOf(bed, queue)) === 0))
}

/** News that could not be delivered. */
export async function reportNews(bed: VirtualTestbed, { id: ticket, source }: Ticket): Promise<void> {
  const { clients, bucket, clock } = bed
  const effect = { kind: 'sync', place: 'team', ticket, source } as const
  await send(bed, nameResources(bed.prefix).lanes.dead.queue, writeEffect({ effect, life: 0 }))
  const key = effectKey(effect)
  expectThat('an admin is notified of news', await comesTrue(bed, 60, () => isNotified(bed, key)))
  const record = await createLedger({ client: clients.s3, bucket, clock, lane: 'news' }).read(key)
  expectThat('the ledger knows of news', record.kind === 'found' && record.item.state === 'dead')
}
