import { PutObjectCommand } from '@aws-sdk/client-s3'
import type { StackClients } from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import { createDeadLetterArchive, createLedgers } from 'ticket-adapters/s3'
import { type DeadLetter, type Ticket, type TicketEvent, digestTicket, laneOf, nameResources } from 'ticket-core'
import { buildTicket } from '../delivery/messages.ts'
import { SCOPE } from './account.ts'
import { expectThat } from './expect-that.ts'

const { bucket: BUCKET } = nameResources(SCOPE.prefix)

export const TICKETS = (['low', 'medium', 'high'] as const).map((priority, number) => buildTicket(priority, number))

const [WITHOUT_CASE] = TICKETS.map(({ id: ticket, source }): TicketEvent => {
  return { v: 1, id: `cli:${ticket}`, ticket, source, at: 0, by: { via: 'cli', name: 'Ada' }, kind: 'closed' }
})

/** What the function would have left of an event whose ticket has no case. */
export const DEAD_EVENT: DeadLetter = {
  v: 1,
  key: 'event-0123456789abcdef',
  kind: 'event',
  nonce: 'n',
  life: 0,
  at: 0,
  cause: { code: 'no-case', reason: 'there is no case' },
  ...(WITHOUT_CASE && { event: WITHOUT_CASE }),
  message: { messageId: 'm', body: '{}', attributes: {} },
  mayBeDelivered: false,
  history: [],
}

export async function archiveLetter({ s3 }: StackClients, letter: DeadLetter): Promise<void> {
  const archive = createDeadLetterArchive({ client: s3, bucket: BUCKET, clock: systemClock })
  const { kind } = await archive.write(letter.key, letter, 'absent')
  expectThat(`${letter.key} is there`, kind === 'written')
}

/** What the functions would have left of a ticket that died, and of one that was delivered. */
export async function bury({ s3 }: StackClients, ticket: Ticket): Promise<void> {
  const store = { client: s3, bucket: BUCKET, clock: systemClock }
  const cause = { code: 'trello-400', reason: 'refused' }
  const death = { nonce: 'n', life: 0, at: 0, cause }
  const written = await Promise.all([
    createDeadLetterArchive(store).write(
      ticket.id,
      {
        v: 1,
        key: ticket.id,
        kind: 'ticket',
        ...death,
        ticket,
        message: { messageId: 'm', body: '{}', attributes: {} },
        mayBeDelivered: false,
        history: [],
      },
      'absent',
    ),
    createLedgers(store)[laneOf(ticket.priority)].write(
      ticket.id,
      {
        v: 1,
        id: ticket.id,
        source: ticket.source,
        digest: digestTicket(ticket),
        life: 0,
        state: 'dead',
        nonce: 'n',
        crashes: 0,
        firstClaimAt: 0,
        attempts: { count: 0, last: [] },
        failure: cause,
        diedAt: 0,
      },
      'absent',
    ),
  ])
  expectThat(
    'the dead ticket is there',
    written.every(({ kind }) => kind === 'written'),
  )
  await s3.send(
    new PutObjectCommand({ Bucket: BUCKET, Key: `tickets/${ticket.id}.json`, Body: '{}', IfNoneMatch: '*' }),
  )
}
