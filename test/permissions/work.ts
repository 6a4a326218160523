import { GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda'
import type { PolicyDocument } from '@ticketing/stack'
import { DEFAULT_PLACE, findTicketId, replyText, type VirtualTestbed } from '@ticketing/testbed'
import { createAddressBook, createIndexStore, createLedger } from 'ticket-adapters/s3'
import {
  type Lane,
  type LedgerRecord,
  type Ticket,
  type TicketEvent,
  type TicketLane,
  digestTicket,
  INDEX,
  indexKeysOf,
  laneOf,
  nameResources,
  newCase,
  TICKET_LANES,
  ticketOfIndexKey,
  writeEvent,
} from 'ticket-core'
import { buildTicket, envelopeOf } from '../support/records.ts'
import { expectThat } from './expect-that.ts'
import { comesTrue, countOf, isNotified, openCase, send } from './look.ts'
import { reportNews, tellNews } from './work-news.ts'

const POLICY_NAME = 'what-the-function-does'

/** What a function's role may, as it was deployed. */
export async function rolePolicyOf(bed: VirtualTestbed, lane: Lane): Promise<PolicyDocument> {
  const RoleName = nameResources(bed.prefix).lanes[lane].role
  const found = await bed.clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME }))
  const policy: PolicyDocument = JSON.parse(decodeURIComponent(found.PolicyDocument ?? ''))
  return policy
}

/**
 * A function's work from the making of its mapping on, with this policy for its role. Throws at the first thing that does
 * not go as it should, or not in time.
 */
export async function work(bed: VirtualTestbed, lane: Lane, policy: PolicyDocument): Promise<void> {
  const { role: RoleName } = nameResources(bed.prefix).lanes[lane]
  const PolicyDocument = JSON.stringify(policy)
  await bed.clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument }))
  await lookAtQueue(bed, lane)
  if (lane === 'dead') await report(bed)
  else if (lane === 'events') await applyEvents(bed)
  else if (lane === 'news') await tellNews(bed)
  else await deliver(bed, lane)
}

/** Lambda looks at the queue with the function's role. */
async function lookAtQueue({ clients, clock, prefix }: VirtualTestbed, lane: Lane): Promise<void> {
  const FunctionName = nameResources(prefix).lanes[lane].function
  const { EventSourceMappings: [mapping] = [] } = await clients.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  )
  await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, FunctionName }))
  await clock.settle()
}

/** A ticket, one that another function has claimed, and a message that cannot be read. */
async function deliver(bed: VirtualTestbed, lane: TicketLane): Promise<void> {
  const { queue } = nameResources(bed.prefix).lanes[lane]
  const answer = replyText(await bed.teams.send({ title: 'T', priority: lane, description: 'D' }))
  const id = findTicketId(answer) ?? ''
  expectThat(`${id} is delivered`, await comesTrue(bed, 10, () => isDelivered(bed, id)))
  expectThat('its message is gone', await comesTrue(bed, 5, async () => (await countOf(bed, queue)) === 0))
  expectThat('its reporter is known', await isKnown(bed, DEFAULT_PLACE.person.name))
  await findCase(bed, queue, buildTicket(lane, 3))
  await writeCaseAgain(bed, lane, buildTicket(lane, 4))
  await send(bed, queue, '{"damaged":')
  expectThat(
    'an admin is notified of what cannot be read',
    await comesTrue(bed, 60, () => isNotified(bed, 'unreadable')),
  )
  await hideUntilItsTurn(bed, queue, buildTicket(lane))
}

/** A ticket whose case is there already: an earlier invocation ended before the claim, and the ticket was closed since. */
async function findCase(bed: VirtualTestbed, queue: string, ticket: Ticket): Promise<void> {
  await openCase(bed, ticket, [closingOf(ticket)])
  await send(bed, queue, envelopeOf(ticket))
  expectThat(`the case of ${ticket.id} is found`, await comesTrue(bed, 10, () => isDelivered(bed, ticket.id)))
  expectThat(`${ticket.id} is not in the list of open tickets`, await isListed(bed, ticket, []))
}

const ADA = { via: 'teams', name: 'Ada', id: 'ada' } as const
/** Not in Teams: it is news there. */
const OPERATOR = { via: 'cli', name: 'ops' } as const

function closingOf({ id, source }: Ticket): TicketEvent {
  return { v: 1, id: `cli:${id}`, ticket: id, source, at: 0, by: ADA, kind: 'closed' }
}

/** Whether the address book of the team has a person of this name. */
async function isKnown({ clients, bucket, clock }: VirtualTestbed, name: string): Promise<boolean> {
  const found = await createAddressBook({ client: clients.s3, bucket, clock }).find(DEFAULT_PLACE.teamId, name)
  return found.kind === 'people' && found.people.length === 1
}

/** Whether exactly these lists of the index hold the ticket. */
async function isListed(bed: VirtualTestbed, { id }: Ticket, lists: readonly string[]): Promise<boolean> {
  const { clients, bucket, clock } = bed
  const page = await createIndexStore({ client: clients.s3, bucket, clock }).list(INDEX, { limit: 1000 })
  const keys = page.kind === 'page' ? page.keys.filter((key) => ticketOfIndexKey(key) === id) : []
  return keys.map((key) => key.split('/')[1]).join(' ') === lists.join(' ')
}

/** An event that closes a ticket, one whose ticket has no case, and a message that cannot be read. */
async function applyEvents(bed: VirtualTestbed): Promise<void> {
  const { clock, journal, prefix } = bed
  const { queue } = nameResources(prefix).lanes.events
  const ticket = { ...buildTicket('medium'), teamId: DEFAULT_PLACE.teamId }
  await openCase(bed, ticket)
  await sendEvent(bed, closingOf(ticket))
  expectThat('the ticket is closed', await comesTrue(bed, 10, () => isListed(bed, ticket, ['closed'])))
  expectThat('its message is gone', await comesTrue(bed, 5, async () => (await countOf(bed, queue)) === 0))
  expectThat('who closed it is known', await isKnown(bed, ADA.name))
  // Again, with a marker of an earlier run that ended in the middle.
  await createIndexStore({ client: bed.clients.s3, bucket: bed.bucket, clock }).put(
    [...indexKeysOf(newCase(ticket, ''))][0] ?? '',
  )
  await sendEvent(bed, closingOf(ticket))
  expectThat('a marker is removed', await comesTrue(bed, 10, () => isListed(bed, ticket, ['closed'])))
  for (const [at, to] of (['low', 'high'] as const).entries()) {
    await sendEvent(bed, { ...closingOf(ticket), id: `cli:to ${to}`, at, by: OPERATOR, kind: 'priority-changed', to })
    const isTaken = await comesTrue(bed, 10, async () => (await countOf(bed, queue)) === 0)
    expectThat(`what a new priority (${to}) causes is sent`, isTaken)
  }
  await send(bed, queue, '{"damaged":')
  expectThat(
    'an admin is notified of what cannot be read',
    await comesTrue(bed, 60, () => isNotified(bed, 'unreadable')),
  )

  const early = buildTicket('medium', 2)
  await sendEvent(bed, closingOf(early))
  await clock.advance('100s')
  const receives = journal.count({ source: 'sqs', kind: 'message-received', ticket: early.id })
  expectThat(`what comes too early is tried again soon: ${receives}`, receives > 1)
  await clock.advance('25h')
  expectThat('it is given up', await comesTrue(bed, 60, () => isNotified(bed, 'event-')))
}

async function sendEvent(bed: VirtualTestbed, event: TicketEvent): Promise<void> {
  const body = writeEvent(event)
  await send(bed, nameResources(bed.prefix).lanes.events.queue, body.ok ? body.value : '')
}

/** A ticket whose case could not be written at first: that nothing was written has to be seen. */
async function writeCaseAgain(bed: VirtualTestbed, lane: TicketLane, ticket: Ticket): Promise<void> {
  const { queue } = nameResources(bed.prefix).lanes[lane]
  bed.faults.add({
    at: 's3.putObject',
    kind: 'reset',
    when: 'before',
    by: `function.${lane}`,
    text: 'cases/',
    times: 1,
  })
  await send(bed, queue, envelopeOf(ticket))
  expectThat(`the case of ${ticket.id} is written`, await comesTrue(bed, 10, () => isDelivered(bed, ticket.id)))
}

async function isDelivered(bed: VirtualTestbed, id: string): Promise<boolean> {
  return (await recordOf(bed, id))?.state === 'delivered'
}

/** A dead ticket of each lane, and one that another function has claimed. */
async function report(bed: VirtualTestbed): Promise<void> {
  const { queue } = nameResources(bed.prefix).lanes.dead
  for (const [number, priority] of TICKET_LANES.entries())
    await reportOne(bed, { ...buildTicket(priority, number + 1), teamId: DEFAULT_PLACE.teamId })
  await reportNews(bed, buildTicket('medium', 8))
  await reportOtherWords(bed, buildTicket('high', 7))
  await hideUntilItsTurn(bed, queue, buildTicket('medium', 9))
}

/** A letter in other words than those of the ticket that was claimed. */
async function reportOtherWords(bed: VirtualTestbed, ticket: Ticket): Promise<void> {
  const { clients, bucket, clock } = bed
  const { queue } = nameResources(bed.prefix).lanes.dead
  const { id, source, priority } = ticket
  const ledger = createLedger({ client: clients.s3, bucket, clock, lane: laneOf(priority) })
  await ledger.write(id, { ...BEGUN, id, source, digest: digestTicket(ticket), state: 'waiting' }, 'absent')
  await send(bed, queue, envelopeOf({ ...ticket, title: 'Other words' }))
  expectThat('an admin is notified of other words', await comesTrue(bed, 60, () => isNotified(bed, 'collision')))
  expectThat('they end nothing', (await recordOf(bed, id))?.state === 'waiting')
}

async function reportOne(bed: VirtualTestbed, died: Ticket): Promise<void> {
  const { queue } = nameResources(bed.prefix).lanes.dead
  await send(bed, queue, envelopeOf(died))
  expectThat('an admin is notified of the death', await comesTrue(bed, 60, () => isNotified(bed, died.id)))
  expectThat('the ledger knows it', (await recordOf(bed, died.id))?.state === 'dead')
  expectThat('its message is gone', await comesTrue(bed, 5, async () => (await countOf(bed, queue)) === 0))
}

/** The message of a ticket that is claimed stays hidden until the claim ends, which is longer than it does by itself. */
async function hideUntilItsTurn(bed: VirtualTestbed, queue: string, ticket: Ticket): Promise<void> {
  const { clock, journal, clients, bucket } = bed
  const { id, source, priority } = ticket
  const ledger = createLedger({ client: clients.s3, bucket, clock, lane: laneOf(priority) })
  const until = clock.now() + 400_000
  await ledger.write(
    id,
    { ...BEGUN, id, source, digest: digestTicket(ticket), claim: { by: 'another function', until } },
    'absent',
  )
  await send(bed, queue, envelopeOf(ticket))
  await clock.advance('395s')
  const receives = journal.count({ source: 'sqs', kind: 'message-received', ticket: id })
  expectThat(`${id} is received once while it is claimed: ${receives}`, receives === 1)
}

const BEGUN = {
  v: 1,
  life: 0,
  state: 'claimed',
  nonce: 'n',
  crashes: 0,
  firstClaimAt: 0,
  attempts: { count: 0, last: [] },
} as const

async function recordOf({ ledger }: VirtualTestbed, id: string): Promise<LedgerRecord | undefined> {
  const stored = await ledger.read(id)
  return stored.kind === 'found' ? stored.item : undefined
}
