import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { createCaseStore, createLedgerReader, listDeadLetters } from 'ticket-adapters/s3'
import { systemClock } from 'ticket-adapters/clock'
import { caseObject, type CaseStore, type DeadLetter, type LedgerReader, type LedgerRecord } from 'ticket-core'
import type { Copy, Evidence, Notice, TicketEvidence } from '../promise/evidence.ts'
import { readCopy, textsIn } from '../promise/read-copy.ts'
import type { Recorder } from './recorder.ts'
import type { SentMessage } from './sent-message.ts'
import type { SoakSystem } from './start-system.ts'

type Sources = Pick<SoakSystem, 'clients' | 'bucket' | 'vendors'>

/** The default of the functions. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000

/** Reads what vendors, ledger and archive hold of these messages. */
export async function gatherEvidence(
  sources: Sources,
  recorder: Recorder,
  { sent, isQuiet }: { readonly sent: readonly SentMessage[]; readonly isQuiet: boolean },
): Promise<Evidence> {
  const store = { client: sources.clients.s3, bucket: sources.bucket, clock: systemClock }
  const letters = new Map<string, DeadLetter>()
  for await (const listed of listDeadLetters(store)) {
    if (listed.kind !== 'item') throw new Error(`the dead letters could not be read: ${listed.reason}`)
    letters.set(listed.key, listed.item)
  }
  const copies = Map.groupBy(
    [...(await readObjects(sources)), ...readCards(sources, recorder), ...readMessages(sources)],
    ({ serial }) => serial,
  )
  const idOf = ({ ids, ticket }: SentMessage): string => [...ids][0] ?? copies.get(ticket.serial)?.[0]?.ticket ?? ''
  const ledger = await readLedger(
    createLedgerReader(store),
    sent.map(idOf).filter((id) => id !== ''),
  )
  const kept = await readCases(createCaseStore(store), ledger)
  const notices = readNotices(sources)
  const known = new Set(sent.map(({ ticket }) => ticket.serial))
  return {
    tickets: sent.map((message) => {
      const id = idOf(message)
      return {
        sent: message.ticket,
        id,
        ids: message.ids,
        answers: message.answers,
        copies: copies.get(message.ticket.serial) ?? [],
        record: ledger.get(id),
        kept: kept.get(id),
        letter: letters.get(id),
        notices: notices.filter(({ text }) => id !== '' && text.includes(id)),
        lateEffects: recorder.lateEffects.get(id) ?? [],
      }
    }),
    strangers: [...copies].flatMap(([serial, some]) => (known.has(serial) ? [] : some)),
    strays: [],
    isQuiet,
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    looks: recorder.looks,
  }
}

async function readLedger(ledger: LedgerReader, ids: readonly string[]): Promise<Map<string, LedgerRecord>> {
  const records = new Map<string, LedgerRecord>()
  await forEachBatch(ids, async (id) => {
    const stored = await ledger.read(id)
    if (stored.kind === 'unavailable') throw new Error(`the ledger could not be read: ${stored.reason}`)
    if (stored.kind === 'found') records.set(id, stored.item)
  })
  return records
}

async function readCases(
  cases: CaseStore,
  ledger: ReadonlyMap<string, LedgerRecord>,
): Promise<Map<string, TicketEvidence['kept']>> {
  const kept = new Map<string, TicketEvidence['kept']>()
  await forEachBatch([...ledger.values()], async ({ id, caseKey }) => {
    if (caseKey === undefined) return
    const stored = await cases.read(caseKey)
    if (stored.kind === 'unavailable') throw new Error(`a case could not be read: ${stored.reason}`)
    if (stored.kind === 'found') kept.set(id, { object: caseObject(caseKey), ticket: stored.item.ticket })
  })
  return kept
}

async function readObjects({ clients, bucket }: Sources): Promise<Copy[]> {
  const found: { key: string; at: number }[] = []
  let token: string | undefined
  do {
    const page = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: 'tickets/', ContinuationToken: token }),
    )
    for (const { Key = '', LastModified } of page.Contents ?? [])
      found.push({ key: Key, at: LastModified?.getTime() ?? 0 })
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
  const copies: Copy[] = []
  await forEachBatch(found, async ({ key, at }) => {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    const text = `${key}\n${textsIn(JSON.parse((await Body?.transformToString()) ?? '{}'))}`
    copies.push(copyOf(text, { place: 'bucket', at, where: key }))
  })
  return copies
}

function readCards({ vendors }: Sources, { cardTimes }: Recorder): Copy[] {
  return vendors.trello.cards.map(({ id, name, desc, url }) =>
    copyOf(`${name}\n${desc}`, { place: 'board', at: cardTimes.get(id) ?? 0, where: url }),
  )
}

function readMessages({ vendors }: Sources): Copy[] {
  return vendors.slack
    .messagesIn('tickets')
    .map(({ shown, text, at }) => copyOf(shown, { place: 'alert', at, where: `Slack, "${text}"` }))
}

function readNotices({ vendors }: Sources): Notice[] {
  return vendors.slack
    .messagesIn('ticket-admins')
    .map(({ shown, at, delayedMs = 0 }) => ({ order: at - delayedMs, text: shown }))
}

function copyOf(text: string, about: Pick<Copy, 'place' | 'at' | 'where'>): Copy {
  return { ...readCopy(text, /soak[ -](\d{7})/i), ...about, order: orderOf(about) }
}

/** S3 gives whole seconds: what it has is not older than the last millisecond of one. */
function orderOf({ place, at }: Pick<Copy, 'place' | 'at'>): number {
  return place === 'bucket' ? at + 999 : at
}

const AT_ONCE = 16

async function forEachBatch<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE)
    await Promise.all(items.slice(start, start + AT_ONCE).map(run))
}
