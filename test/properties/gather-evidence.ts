import { GetObjectCommand } from '@aws-sdk/client-s3'
import { replyText, type JournalEntry, type VirtualTestbed } from '@ticketing/testbed'
import { createCaseStore } from 'ticket-adapters/s3'
import { caseObject, type DeadLetter, type LedgerRecord, type NewsLevel } from 'ticket-core'
import type { Copy, Evidence, Notice, TicketEvidence } from '../promise/evidence.ts'
import { readCopy, textsIn } from '../promise/read-copy.ts'
import { readAnswer } from '../promise/read-answer.ts'
import { listKeys } from '../support/bed.ts'
import { PEOPLE } from '../life/do-act.ts'
import { gatherLife, isAboutTicket, isNote, readShown, recordAt, type Shown } from '../life/gather-life.ts'
import { idOf } from './id-of.ts'
import type { Played, Posted } from './play.ts'

/** Reads what vendors, ledger, archive and journal hold at the end of a schedule. */
export async function gatherEvidence(played: Played): Promise<Evidence> {
  const { bed, posted, strays, isQuiet, isSwept, news, giveUpAfterMs, putForwardMs, setBackMs, tokens } = played
  const copies = Map.groupBy([...(await readObjects(bed)), ...readCards(bed), ...readMessages(bed)], serialOf)
  const entries = Map.groupBy(bed.journal.entries, ({ ticket }) => ticket ?? '')
  const notices = readNotices(bed)
  const shown = await readShown(bed)
  const tickets = await Promise.all(
    posted.map((each) =>
      readTicket(each, { bed, shown, isSwept, news, entries, notices, copies: copies.get(each.sent.serial) ?? [] }),
    ),
  )
  const known = new Set(posted.map(({ sent }) => sent.serial))
  const strangers = [...copies].flatMap(([serial, some]) => (known.has(serial) ? [] : some))
  const found = { tickets, strangers, strays: await readStrays(bed, strays) }
  const traces = played.isForgotten ? await findTraces(bed) : []
  return { ...found, traces, isQuiet, giveUpAfterMs, putForwardMs, setBackMs, tokens }
}

interface Sources {
  readonly bed: VirtualTestbed
  readonly shown: Shown
  readonly isSwept: boolean
  readonly news: NewsLevel | undefined
  readonly entries: ReadonlyMap<string, readonly JournalEntry[]>
  readonly notices: readonly Notice[]
  readonly copies: readonly Copy[]
}

async function readTicket(
  { sent, activity, replies, said }: Posted,
  { bed, shown, isSwept, news, entries, notices, copies }: Sources,
): Promise<TicketEvidence> {
  const id = idOf(activity)
  const own = entries.get(id) ?? []
  const seen = replies.map(readAnswer)
  const record = said ? await recordAt(bed, sent.destination, id) : await recordOf(bed, id)
  const ordered = copies.toSorted((one, other) => one.order - other.order)
  const life =
    said &&
    (await gatherLife(bed, shown, {
      id,
      said,
      isMissed: !isSwept && own.some(({ source, kind }) => source === 'trello' && kind === 'callback-lost'),
      copies: ordered,
      first: sent.destination,
      level: news,
      askStatus: async () => replyText(await bed.teams.sendText(`status ${id}`)),
    }))
  const died = own.find(({ source, kind }) => source === 'function' && kind === 'ticket.dead')
  const received = own.find(({ source, kind }) => source === 'sqs' && kind === 'message-received')
  return {
    sent,
    id,
    ids: new Set([id, ...seen.flatMap((each) => each.id ?? [])]),
    answers: seen.map(({ answer }) => answer),
    copies: life ? ordered.filter((copy) => !life.moved.includes(copy)) : ordered,
    life,
    record,
    kept: await keptOf(bed, record),
    letter: await letterOf(bed, id),
    notices: notices.filter(({ text }) => isAboutTicket(text, id)),
    lateEffects: own.flatMap(({ source, kind, elapsed }) => (source === 'fault' && LATE.has(kind) ? [elapsed] : [])),
    history: {
      isQueued: own.some(({ source, kind }) => source === 'sqs' && kind === 'message-sent'),
      triedForMs: died && received && died.elapsed - received.elapsed,
      refusals: own.filter((entry) => isRefusal(entry) && entry.n < (died?.n ?? Number.POSITIVE_INFINITY)).length,
    },
  }
}

/** What these kinds do is done later than it was asked for. */
const LATE: ReadonlySet<string> = new Set(['timeout-late-effect', 'slow'])

function isRefusal(entry: JournalEntry): boolean {
  return (
    entry.kind === 'call' &&
    'outcome' in entry &&
    entry.outcome === 400 &&
    (entry.at === 'trello.createCard' || entry.at === 'slack.postMessage')
  )
}

async function readObjects(bed: VirtualTestbed): Promise<Copy[]> {
  const written = new Map(
    bed.journal.entries.flatMap((entry) => (entry.source === 's3' ? [[String(entry.detail['key']), entry]] : [])),
  )
  const keys = await listKeys(bed, 'tickets/')
  return Promise.all(
    keys.map(async (key) => {
      const { Body } = await bed.clients.s3.send(new GetObjectCommand({ Bucket: bed.bucket, Key: key }))
      const { elapsed: at = 0, n = 0 } = written.get(key) ?? {}
      const text = textsIn(JSON.parse((await Body?.transformToString()) ?? '{}'))
      return copyOf(`${key}\n${text}`, { place: 'bucket', at, order: n, where: key })
    }),
  )
}

function readCards({ journal, trello }: VirtualTestbed): Copy[] {
  const made = new Map(
    journal.entries.flatMap((entry) =>
      entry.source === 'trello' && entry.kind === 'card-created' ? [[entry.card, entry]] : [],
    ),
  )
  return trello.cards.map(({ id, name, desc, url }) => {
    const { elapsed: at = 0, n = 0 } = made.get(id) ?? {}
    return copyOf(`${name}\n${desc}`, { place: 'board', at, order: n, where: url })
  })
}

function readMessages({ journal, slack }: VirtualTestbed): Copy[] {
  const posted = journal.all({ source: 'slack', kind: 'message-posted' }).filter(({ channel }) => channel === 'tickets')
  const shownInChannel = slack.messagesIn('tickets').filter(({ threadTs }) => threadTs === undefined)
  return shownInChannel.flatMap(({ shown, text }, index) => {
    if (isNote(text)) return []
    const { elapsed: at = 0, n = 0 } = posted[index] ?? {}
    return copyOf(shown, { place: 'alert', at, order: n, where: `Slack, "${text}"` })
  })
}

function readNotices({ journal, slack }: VirtualTestbed): Notice[] {
  const posted = journal
    .all({ source: 'slack', kind: 'message-posted' })
    .filter(({ channel }) => channel === 'ticket-admins')
  return slack.messagesIn('ticket-admins').flatMap(({ text, shown, delayedMs }, index) => {
    if (isNote(text)) return []
    const { n = 0, elapsed = 0 } = posted[index] ?? {}
    if (delayedMs === undefined) return { order: n, text: shown }
    const asked = journal.entries.find((entry) => entry.elapsed >= elapsed - delayedMs)
    return { order: asked?.n ?? n, text: shown }
  })
}

function copyOf(text: string, about: Pick<Copy, 'place' | 'at' | 'order' | 'where'>): Copy {
  return { ...readCopy(text, SERIAL), ...about }
}

const SERIAL = /\bTicket (\d{4})\b/

function serialOf({ serial }: Copy): string {
  return serial
}

async function recordOf(bed: VirtualTestbed, id: string): Promise<LedgerRecord | undefined> {
  const stored = await bed.ledger.read(id)
  return stored.kind === 'found' ? stored.item : undefined
}

async function keptOf(bed: VirtualTestbed, record: LedgerRecord | undefined): Promise<TicketEvidence['kept']> {
  if (record?.caseKey === undefined) return undefined
  const cases = createCaseStore({ client: bed.clients.s3, bucket: bed.bucket, clock: bed.clock })
  const stored = await cases.read(record.caseKey)
  return stored.kind === 'found' ? { object: caseObject(record.caseKey), ticket: stored.item.ticket } : undefined
}

async function letterOf(bed: VirtualTestbed, key: string): Promise<DeadLetter | undefined> {
  const stored = await bed.archive.read(key)
  return stored.kind === 'found' ? stored.item : undefined
}

/** What of ours still names the person who was forgotten. */
async function findTraces(bed: VirtualTestbed): Promise<string[]> {
  const keys = await Promise.all(['cases/', 'people/', 'dead-letters/'].map((prefix) => listKeys(bed, prefix)))
  const texts = await Promise.all(
    keys.flat().map(async (Key) => {
      const { Body } = await bed.clients.s3.send(new GetObjectCommand({ Bucket: bed.bucket, Key }))
      return { Key, text: (await Body?.transformToString()) ?? '' }
    }),
  )
  return texts.filter(({ text }) => text.includes(PEOPLE[0])).map(({ Key }) => Key)
}

async function readStrays(bed: VirtualTestbed, strays: readonly string[]): Promise<Evidence['strays']> {
  const keys = await listKeys(bed, 'dead-letters/unreadable-')
  const letters = await Promise.all(
    keys.map((key) => letterOf(bed, key.slice('dead-letters/'.length, -'.json'.length))),
  )
  return [...new Set(strays)].map((body) => ({ body, letter: letters.find((each) => each?.message.body === body) }))
}
