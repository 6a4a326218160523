import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { createLedgerReader, listDeadLetters } from 'ticket-adapters/s3'
import { systemClock } from 'ticket-adapters/clock'
import type { DeadLetter, Destination, LedgerReader, LedgerRecord } from 'ticket-core'
import { findTicketId } from '@ticketing/testbed'
import type { Recorder } from './recorder.ts'
import type { SoakSystem } from './start-system.ts'

/** One thing at a vendor that a ticket became. */
export interface Copy {
  readonly place: Destination
  readonly ticket: string
  readonly serial: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Says of itself that it may be a repeat. */
  readonly isMarked: boolean
  /** What a person finds it by. */
  readonly where: string
}

/** What is there at the end, as somebody from outside finds it. */
export interface Evidence {
  readonly copies: readonly Copy[]
  /** By ticket. A record that could not be read is missing. */
  readonly ledger: ReadonlyMap<string, LedgerRecord>
  /** Dead letters by key. */
  readonly letters: ReadonlyMap<string, DeadLetter>
  /** Tickets whose death an admin was told. */
  readonly told: ReadonlySet<string>
}

type Sources = Pick<SoakSystem, 'clients' | 'bucket' | 'vendors'>

/** Reads vendors, ledger and archive. */
export async function gatherEvidence(sources: Sources, recorder: Recorder): Promise<Evidence> {
  const { clients, bucket, vendors } = sources
  const store = { client: clients.s3, bucket, clock: systemClock }
  const letters = new Map<string, DeadLetter>()
  for await (const listed of listDeadLetters(store)) {
    if (listed.kind !== 'letter') throw new Error(`the dead letters could not be read: ${listed.reason}`)
    letters.set(listed.key, listed.letter)
  }
  const ids = (await listKeys(sources, 'ledger/')).flatMap(({ key }) => findTicketId(key) ?? [])
  return {
    copies: [...(await readObjects(sources)), ...readCards(sources, recorder), ...readMessages(sources)],
    ledger: await readLedger(createLedgerReader(store), ids),
    letters,
    told: new Set(
      vendors.slack.messagesIn('ticket-admins').flatMap(({ shown }) => ids.filter((id) => shown.includes(id))),
    ),
  }
}

async function readLedger(ledger: LedgerReader, ids: readonly string[]): Promise<Map<string, LedgerRecord>> {
  const records = new Map<string, LedgerRecord>()
  for (let start = 0; start < ids.length; start += 16) {
    const some = ids.slice(start, start + 16)
    for (const stored of await Promise.all(some.map((id) => ledger.read(id))))
      if (stored.kind === 'found') records.set(stored.item.id, stored.item)
  }
  return records
}

async function readObjects(sources: Sources): Promise<Copy[]> {
  return (await listKeys(sources, 'tickets/')).map(({ key, at }) => ({
    place: 'archive',
    ticket: findTicketId(key) ?? '',
    serial: serialIn(key),
    at,
    isMarked: false,
    where: key,
  }))
}

function readCards({ vendors }: Sources, { cardTimes }: Recorder): Copy[] {
  return vendors.trello.cards.map(({ id, name, desc, url }) => ({
    place: 'board',
    ticket: findTicketId(desc) ?? '',
    serial: serialIn(name),
    at: cardTimes.get(id) ?? 0,
    isMarked: false,
    where: url,
  }))
}

function readMessages({ vendors }: Sources): Copy[] {
  return vendors.slack.messagesIn('tickets').map(({ shown, text, at }) => ({
    place: 'alert',
    ticket: findTicketId(shown) ?? '',
    serial: serialIn(shown),
    at,
    isMarked: shown.includes('Possible repeat: an earlier message with this ticket id may be here already.'),
    where: `Slack, "${text}"`,
  }))
}

async function listKeys({ clients, bucket }: Sources, prefix: string): Promise<{ key: string; at: number }[]> {
  const found: { key: string; at: number }[] = []
  let token: string | undefined
  do {
    const page = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    )
    for (const { Key = '', LastModified } of page.Contents ?? [])
      found.push({ key: Key, at: LastModified?.getTime() ?? 0 })
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
  return found
}

function serialIn(text: string): string {
  return /soak[ -](\d{7})/i.exec(text)?.[1] ?? ''
}
