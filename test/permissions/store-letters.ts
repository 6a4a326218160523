import { PutObjectCommand } from '@aws-sdk/client-s3'
import type { StackClients } from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import {
  createAddressBook,
  createBucketSink,
  createCaseStore,
  createDeadLetterArchive,
  createLedgers,
} from 'ticket-adapters/s3'
import { type DeadLetter, type Ticket, type TicketEvent, effectKey, laneOf, nameResources, newCase } from 'ticket-core'
import { buildLetter, buildRecord, buildTicket } from '../support/records.ts'
import { SCOPE } from './account.ts'
import { expectThat } from './expect-that.ts'

const { bucket: BUCKET } = nameResources(SCOPE.prefix)

export const TICKETS = [buildTicket('low', 0), buildTicket('medium', 1), buildTicket('high', 2)] as const

const [WITHOUT_CASE] = TICKETS.map(({ id: ticket, source }): TicketEvent => {
  return { v: 1, id: `cli:${ticket}`, ticket, source, at: 0, by: { via: 'cli', name: 'Ada' }, kind: 'closed' }
})

/** What the function leaves of an event whose ticket has no case. */
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

const [{ id, source }] = TICKETS
const NEWS = { kind: 'sync', place: 'team', ticket: id, source } as const

/** What the function leaves of news that could not be delivered. */
export const DEAD_NEWS: DeadLetter = {
  v: 1,
  key: effectKey(NEWS),
  kind: 'effect',
  nonce: 'n',
  life: 0,
  at: 0,
  cause: { code: 'teams-404', reason: 'Workflows answered 404.' },
  effect: NEWS,
  message: { messageId: 'm', body: '{}', attributes: {} },
  mayBeDelivered: false,
  history: [],
}

export async function storeLetter({ s3 }: StackClients, letter: DeadLetter): Promise<void> {
  const archive = createDeadLetterArchive({ client: s3, bucket: BUCKET, clock: systemClock })
  const { kind } = await archive.write(letter.key, letter, 'absent')
  expectThat(`${letter.key} is there`, kind === 'written')
}

/** Stores the case of a ticket that is missing in the index. */
export async function storeCase({ s3 }: StackClients, ticket: Ticket): Promise<void> {
  const cases = createCaseStore({ client: s3, bucket: BUCKET, clock: systemClock })
  const { kind } = await cases.write(ticket.id, newCase(ticket, 'n'), 'absent')
  expectThat('the case is there', kind === 'written')
}

/** Stores what the functions leave of a ticket of low priority that they delivered, and of its reporter. */
export async function storeArchivedTicket(root: StackClients): Promise<void> {
  const store = { client: root.s3, bucket: BUCKET, clock: systemClock }
  const ticket: Ticket = { ...buildTicket('low', 9), reporter: { name: REPORTER, aadObjectId: 'ada' } }
  await storeCase(root, ticket)
  const delivery = { suspect: false, firstClaimAt: 0, deadline: systemClock.monotonic() + 9000, keptAt: '' }
  const put = await createBucketSink(store).deliver({ ticket, ...delivery })
  if (put.kind !== 'delivered') throw new Error(put.reason)
  const record = buildRecord(buildLetter(0, { ticket }), { state: 'delivered', receipt: put.receipt })
  const { kind } = await createLedgers(store).low.write(ticket.id, record, 'absent')
  expectThat('the record of the archived ticket is there', kind === 'written')
  await createAddressBook(store).remember('team', { v: 1, name: REPORTER, id: 'ada' })
}

export const REPORTER = 'Ada'

/** Stores what the functions leave of a ticket that they could not deliver, and of one that they delivered. */
export async function storeDeadTicket(root: StackClients, ticket: Ticket): Promise<void> {
  const { s3 } = root
  const letter = buildLetter(0, { ticket })
  await storeLetter(root, letter)
  const ledgers = createLedgers({ client: s3, bucket: BUCKET, clock: systemClock })
  const { kind } = await ledgers[laneOf(ticket.priority)].write(ticket.id, buildRecord(letter), 'absent')
  expectThat('the record of the dead ticket is there', kind === 'written')
  await s3.send(
    new PutObjectCommand({ Bucket: BUCKET, Key: `tickets/${ticket.id}.json`, Body: '{}', IfNoneMatch: '*' }),
  )
}
