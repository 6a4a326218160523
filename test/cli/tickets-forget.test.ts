import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { AwsError } from '@ticketing/local-aws'
import { createAddressBook, createBucketSink, createLedger } from 'ticket-adapters/s3'
import {
  type Case,
  type DeadLetter,
  type LedgerRecord,
  type Receipt,
  type Ticket,
  digestTicket,
  FORGOTTEN,
  indexKeysOf,
} from 'ticket-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildLetter, buildTicket, START } from '../support/records.ts'
import { buildUnreadable } from './dead-letter-cloud.ts'
import { startTicketCloud, type TicketCloud } from './ticket-cloud.ts'

const ADA = { name: 'Ada Lovelace', aadObjectId: 'aad-ada' }
const WORDS = { title: 'Zebra on the login page', description: 'zebra', steps: 'zebra', reporter: ADA }
/** Everything of hers. */
const TRACES = /zebra|lovelace|aad-ada|trello-ada/i

let cloud: TicketCloud
beforeEach(async () => {
  cloud = await startTicketCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

interface Traces {
  readonly lowTicket: Case
  readonly card: Case
  readonly other: Case
}

/** Ada everywhere: she reported two tickets, commented on one of Ola's, is in the address book and in dead letters. */
async function leaveTraces(on: TicketCloud = cloud): Promise<Traces> {
  const { store } = on
  const lowTicket = await on.keep(1, { priority: 'low', ticket: WORDS, changes: [{ kind: 'closed', reason: 'fixed' }] })
  const card = await on.keep(2, {
    ticket: { ...WORDS, channelId: '19:c', messageId: '1764' },
    changes: [{ kind: 'assigned', to: { via: 'teams', name: ADA.name, id: ADA.aadObjectId } }],
  })
  const other = await on.keep(3, {
    ticket: { reporter: { name: 'Ola Nordmann' } },
    changes: [{ kind: 'commented', text: 'zebra' }, { kind: 'taken' }],
    by: [{ via: 'trello', name: ADA.name, id: 'trello-ada' }, undefined],
  })
  const sink = createBucketSink(store)
  const delivery = { suspect: false, firstClaimAt: START, deadline: store.clock.monotonic() + 9000, keptAt: '' }
  const put = await sink.deliver({ ticket: lowTicket.ticket, ...delivery })
  if (put.kind !== 'delivered') throw new Error('not stored')
  await deliveredTo('low', lowTicket.ticket, put.receipt, store)
  await deliveredTo('medium', card.ticket, { destination: 'board', where: 'card c1', url: CARD }, store)
  await createAddressBook(store).remember('team-1', { v: 1, name: ADA.name, id: ADA.aadObjectId })
  await on.archive(buildLetter(7, { ticket: { ...buildTicket('medium', 7), ...WORDS } }))
  await on.archive(buildUnreadable('a', '{"from":"Ada Lovelace","text":"zebra"'))
  return { lowTicket, card, other }
}

const CARD = 'https://trello.test/c/c1'

async function deliveredTo(
  lane: 'low' | 'medium',
  ticket: Ticket,
  receipt: Receipt,
  store: TicketCloud['store'],
): Promise<void> {
  await record(lane, ticket, { state: 'delivered', receipt, deliveredAt: START }, store)
}

async function record(
  lane: 'low' | 'medium',
  ticket: Ticket,
  end: Pick<LedgerRecord, 'state' | 'receipt' | 'deliveredAt' | 'diedAt'>,
  store: TicketCloud['store'],
): Promise<void> {
  const item: LedgerRecord = {
    v: 1,
    id: ticket.id,
    source: ticket.source,
    digest: digestTicket(ticket),
    life: 0,
    nonce: 'r',
    crashes: 0,
    firstClaimAt: START,
    attempts: { count: 1, last: [] },
    ...end,
  }
  const { kind } = await createLedger({ ...store, lane }).write(ticket.id, item, 'absent')
  if (kind !== 'written') throw new Error('no record')
}

/** Every object, its key and its text. */
async function everything({ client, bucket: Bucket }: TicketCloud['store'] = cloud.store): Promise<string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }))
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
      return `${Key} ${await Body?.transformToString()}`
    }),
  )
}

const forget = (person: string, ...words: readonly string[]): ReturnType<TicketCloud['run']> =>
  cloud.run(['tickets', 'forget', person, ...words])

describe('tickets forget', () => {
  it('erases a person everywhere, keeps events and ids, and says what is out of reach', async () => {
    const { lowTicket, card, other } = await leaveTraces()
    expect((await everything()).filter((object) => TRACES.test(object)).length).toBeGreaterThan(6)
    const { code, output } = await forget('lovelace,  ADA')
    expect(code, output).toBe(0)
    expect((await everything()).filter((object) => TRACES.test(object))).toEqual([])

    const left = await cloud.caseOf(card.id)
    expect(left.ticket).toMatchObject({ id: card.id, title: FORGOTTEN, description: FORGOTTEN, links: [] })
    expect(left.events).toMatchObject([{ id: 'teams:1', kind: 'assigned', to: { name: FORGOTTEN } }])
    expect((await cloud.caseOf(other.id)).events).toMatchObject([
      { id: 'teams:1', text: FORGOTTEN, by: { name: FORGOTTEN } },
      { id: 'teams:2', by: { name: 'Grace Hopper' } },
    ])
    // The index is what the cases ask for, and the receipt leads to the object.
    const cases = await Promise.all([lowTicket, card, other].map(({ id }) => cloud.caseOf(id)))
    expect(await cloud.indexKeys()).toEqual(cases.flatMap((known) => Array.from(indexKeysOf(known))).toSorted())
    const shown = (await cloud.run(`tickets show ${lowTicket.id} --json`)).said[0] ?? ''
    const where = (JSON.parse(shown) as { ledger: { low: { receipt: { where: string } } } }).ledger.low.receipt.where
    expect((await everything()).some((object) => object.startsWith(`${where} `))).toBe(true)

    expect(output).toContain(`${card.id}  Trello: ${CARD}`)
    expect(output).toMatch(new RegExp(`${card.id} {2}Teams: https://teams.microsoft.com/l/message/`))
    expect(output).toContain('erased: 3 tickets, 2 dead letters, 1 in the address book')
    expect((await forget('Ada Lovelace')).said.at(-1)).toBe('Ada Lovelace is nowhere in what is kept')
  })

  it('asks for the whole name where a part of it is given', async () => {
    const { id } = await cloud.keep(1, { ticket: WORDS })
    expect((await forget('Lovelace')).said.slice(-2)).toEqual([
      'Lovelace is nowhere in what is kept',
      `but the name stands in ${id}: a person is found by the whole name, or by an id`,
    ])
  })

  it('says of a dead ticket that is forgotten nothing of a queue: none has it', async () => {
    const [waiting, dead] = [await cloud.keep(1, { ticket: WORDS }), await cloud.keep(2, { ticket: WORDS })]
    await record('medium', waiting.ticket, { state: 'waiting' }, cloud.store)
    await record('medium', dead.ticket, { state: 'dead', diedAt: START }, cloud.store)
    const line = (await forget('Ada Lovelace', '--dry-run')).said.find((one) => one.includes('in their queues'))
    expect(line).toContain(waiting.id)
    expect(line).not.toContain(dead.id)
  })

  it('--dry-run says the same and writes nothing; --json is one object', async () => {
    const { lowTicket, card, other } = await leaveTraces()
    const before = await cloud.objects()
    expect((await forget('Ada Lovelace', '--dry-run')).output).toContain(
      'would be erased: 3 tickets, 2 dead letters, 1 in the address book',
    )
    const { said } = await forget('aad-ada', '--dry-run', '--json')
    expect(said).toHaveLength(1)
    const json = JSON.parse(said[0] ?? '') as { tickets: { id: string; isReporter: boolean }[] }
    expect(json).toMatchObject({ dryRun: true, addressBook: 1, unreadable: [] })
    expect(json.tickets.map(({ id }) => id).toSorted()).toEqual([lowTicket.id, card.id].toSorted())
    expect(json.tickets.map(({ id }) => id)).not.toContain(other.id)
    expect(await cloud.objects()).toEqual(before)
  })

  it('a dead letter of theirs waits for no one, and cannot be sent again', async () => {
    await leaveTraces()
    await forget('Ada Lovelace')
    const key = buildTicket('medium', 7).id
    expect(await cloud.letter(key)).toMatchObject<Partial<DeadLetter>>({
      closed: { at: expect.any(Number), because: 'the person who wrote it was forgotten' },
    })
    const { code, output } = await cloud.run(`dead-letters redrive ${key} --closed`)
    expect(code).toBe(1)
    expect(output).toContain('refused: ' + key + ' has no words any more: the person who wrote it was forgotten')
  })

  it('does nothing where two people have the name, and names their ids', async () => {
    await leaveTraces()
    await cloud.keep(4, { ticket: { reporter: { name: 'Lovelace, Ada', aadObjectId: 'aad-other' } } })
    const before = await cloud.objects()
    const { code, output } = await forget('Ada Lovelace')
    expect(code).toBe(1)
    expect(output).toMatch(
      /several people of teams are called Ada Lovelace; name one by the id:\n(?: {2}aad-\w+\n?){2}/,
    )
    expect(await cloud.objects()).toEqual(before)
    expect(await forget('aad-other')).toMatchObject({ code: 0 })
  })

  it('leaves what others wrote, and says where the name stands in it', async () => {
    const known = await cloud.keep(1, { changes: [{ kind: 'commented', text: 'ask Ada Lovelace' }] })
    expect((await forget('Ada Lovelace')).output).toContain(`but the name stands in ${known.id}:`)
    expect(await cloud.caseOf(known.id)).toEqual(known)
  })

  it('names what it cannot read, and exits 1', async () => {
    const { other } = await leaveTraces()
    await cloud.damage(other.id, '{', 'cases/')
    const { code, output } = await forget('Ada Lovelace')
    expect(code).toBe(1)
    expect(output).toContain(`could not be read, and may name the person: ${other.id}`)
  })
})

it('stopped before any of its writes, the next run erases the rest', async () => {
  for (let failing = 1; ; failing += 1) {
    await using each = await startTicketCloud()
    await leaveTraces(each)
    let writes = 0
    each.interceptCalls(async ({ operation }, _input, run) => {
      if (operation !== 'PutObject' && operation !== 'DeleteObject') return run()
      writes += 1
      if (writes >= failing) throw new AwsError('AccessDenied', 'no', { status: 403 })
      return run()
    })
    const first = await each.run(['tickets', 'forget', 'Ada Lovelace'])
    each.interceptCalls(undefined)
    if (writes < failing) break
    // 75: AWS could not be asked; run it again.
    expect([1, 75], `write ${failing}`).toContain(first.code)
    expect(first.output).toMatch(/not all is erased yet|is not erased yet/)
    for (const person of ['Ada Lovelace', 'trello-ada', 'aad-ada'])
      expect(await each.run(['tickets', 'forget', person])).toMatchObject({ code: 0 })
    const left = (await everything(each.store)).filter((object) => TRACES.test(object))
    expect(left, `stopped at write ${failing}`).toEqual([])
  }
})
