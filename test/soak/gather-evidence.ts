import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { replyText } from '@ticketing/testbed'
import { systemClock } from 'ticket-adapters/clock'
import { caseObject, type DeadLetter, type LedgerRecord } from 'ticket-core'
import { gatherLife, isAboutTicket, isNote, readShown, recordAt } from '../life/gather-life.ts'
import type { Copy, Evidence, Life, Notice, TicketEvidence } from '../promise/evidence.ts'
import { readCopy, textsIn } from '../promise/read-copy.ts'
import type { Recorder } from './recorder.ts'
import type { SentMessage } from './sent-message.ts'
import { NEWS, type SoakSystem } from './start-system.ts'

type Sources = Pick<SoakSystem, 'clients' | 'bucket' | 'vendors' | 'teams' | 'serverUrls'>

/** The default of the functions. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000

/** Reads what vendors, ledger and archive hold of these messages. */
export async function gatherEvidence(
  sources: Sources,
  recorder: Recorder,
  { sent, isQuiet }: { readonly sent: readonly SentMessage[]; readonly isQuiet: boolean },
): Promise<Evidence> {
  const copies = Map.groupBy(
    [...(await readObjects(sources)), ...readCards(sources, recorder), ...readMessages(sources)],
    ({ serial }) => serial,
  )
  const status = async (id: string): Promise<string> =>
    replyText(await sources.teams.sendText(`status ${id}`, { to: sources.serverUrls[0] }))
  const idOf = ({ ids, ticket }: SentMessage): string => [...ids][0] ?? copies.get(ticket.serial)?.[0]?.ticket ?? ''
  const { trello, slack, workflows } = sources.vendors
  const holders = { clients: sources.clients, bucket: sources.bucket, clock: systemClock, trello, slack, workflows }
  const shown = await readShown(holders)
  const letters = new Map<string, DeadLetter>()
  for (const some of shown.letters.values())
    for (const letter of some) if (!letter.event && !letter.effect) letters.set(letter.key, letter)
  const notices = readNotices(sources)
  const tickets: TicketEvidence[] = []
  await forEachBatch(sent, async (message) => {
    const { ticket, ids, answers, said } = message
    const id = idOf(message)
    const own = (copies.get(ticket.serial) ?? []).toSorted((one, other) => one.order - other.order)
    const record = id === '' ? undefined : await recordAt(holders, ticket.destination, id)
    const askStatus = said.length === 0 ? undefined : () => status(id)
    const about = { id, said, isMissed: false, copies: own, first: ticket.destination, level: NEWS } as const
    const asked = { ...about, ...(askStatus && { askStatus }) }
    const life = id === '' ? undefined : await gatherLife(holders, shown, asked)
    tickets.push({
      sent: ticket,
      id,
      ids,
      answers,
      copies: own.filter((copy) => life?.moved.includes(copy) !== true),
      life,
      record,
      kept: keptIn(record, life),
      letter: letters.get(id),
      notices: notices.filter(({ text }) => id !== '' && text.includes(id) && isAboutTicket(text, id)),
      lateEffects: recorder.lateEffects.get(id) ?? [],
    })
  })
  const known = new Set(sent.map(({ ticket }) => ticket.serial))
  return {
    tickets,
    strangers: [...copies].flatMap(([serial, some]) => (known.has(serial) ? [] : some)),
    strays: [],
    isQuiet,
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    looks: recorder.looks,
  }
}

/** The ticket as it was when the vendor was called. */
function keptIn(record: LedgerRecord | undefined, life: Life | undefined): TicketEvidence['kept'] {
  if (record?.caseKey === undefined || !life?.known) return undefined
  return { object: caseObject(record.caseKey), ticket: life.known.ticket }
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
    .filter(({ threadTs, text }) => threadTs === undefined && !isNote(text))
    .map(({ shown, text, at }) => copyOf(shown, { place: 'alert', at, where: `Slack, "${text}"` }))
}

function readNotices({ vendors }: Sources): Notice[] {
  return vendors.slack
    .messagesIn('ticket-admins')
    .filter(({ text }) => !isNote(text))
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
