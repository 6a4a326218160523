import { findTicketId, replyText } from '@ticketing/testbed'
import type { JournalEntry, VirtualTestbed } from '@ticketing/testbed'
import { identify } from 'ticket-core'
import type { DeadLetter, LedgerRecord } from 'ticket-core'
import { keysOf } from './play.ts'
import type { Played, Told } from './play.ts'

/** A promise that was not kept, and to which ticket. */
export interface Breach {
  readonly ticket: string
  readonly what: string
}

/** What a vendor holds of a ticket, in the order in which it came. */
interface Copy {
  readonly isMarked: boolean
}

interface Fate {
  readonly id: string
  readonly told: Told
  readonly copies: readonly Copy[]
  readonly record: LedgerRecord | undefined
  readonly letter: DeadLetter | undefined
  /** What the journal has of it. */
  readonly entries: readonly JournalEntry[]
  /** What an admin was told of it; a notice may be of several tickets. */
  readonly notices: readonly { readonly n: number; readonly text: string }[]
}

/** Holds a run that came to rest against the promise. */
export async function findBreaches({ bed, told, strays, isQuiet, giveUpAfterMs }: Played): Promise<readonly Breach[]> {
  const breaches: Breach[] = []
  if (!isQuiet) breaches.push({ ticket: 'all', what: 'the work never ends' })
  const objects = await keysOf(bed, 'tickets/')
  const entries = Map.groupBy(bed.journal.entries, ({ ticket }) => ticket ?? '')
  const notices = bed.journal
    .all({ source: 'slack', kind: 'message-posted' })
    .filter(({ channel }) => channel === 'ticket-admins')
  const ids = new Set<string>()
  for (const each of told) {
    const { id } = identify({
      tenantId: tenantOf(each),
      conversationId: each.activity.conversation.id,
      activityId: each.activity.id,
    })
    ids.add(id)
    const fate: Fate = {
      id,
      told: each,
      copies: copiesOf(bed, id, objects),
      record: await recordOf(bed, id),
      letter: await letterOf(bed, id),
      entries: entries.get(id) ?? [],
      notices: notices.filter(({ text }) => text.includes(id)),
    }
    for (const what of breachesOf(fate, giveUpAfterMs)) breaches.push({ ticket: id, what })
  }
  breaches.push(...(await findStrangers(bed, ids)), ...(await findLostStrays(bed, strays)))
  return breaches
}

function tenantOf({ activity }: Told): string {
  const data: unknown = activity['channelData']
  const tenant: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'tenant') : undefined
  const id: unknown = typeof tenant === 'object' && tenant !== null ? Reflect.get(tenant, 'id') : undefined
  return typeof id === 'string' ? id : ''
}

function breachesOf(fate: Fate, giveUpAfterMs: number): readonly string[] {
  const wrong: string[] = []
  const check = (isKept: boolean, breach: string): void => void (isKept || wrong.push(breach))
  checkAnswers(fate, check)
  const { copies, record, letter } = fate
  if (record === undefined) {
    check(copies.length === 0, 'the vendor has it and the ledger does not know')
    check(!isAccepted(fate) || letter !== undefined, 'was accepted and is gone')
    return wrong
  }
  const { state, life, suspect } = record
  check(state === 'delivered' || state === 'dead', `ended as ${state}`)
  if (state === 'delivered') check(copies.length > 0, 'is said to be delivered, and the vendor has nothing')
  if (state === 'dead') {
    check(letter !== undefined, 'is dead and has no letter')
    check(letter?.life === life, `died in life ${life}, and the archive tells of life ${letter?.life}`)
    check(letter?.cause.reason !== '', 'died without a reason')
    check(letter?.toldAt !== undefined && fate.notices.length > 0, 'died, and nobody was told')
    check(copies.length === 0 || letter?.mayBeDelivered === true, 'died without a doubt, and the vendor has it')
  }
  check(copies.length < 2 || suspect === true, 'was delivered twice although every outcome was known')
  checkRepeats(fate, check)
  checkEnds(fate, check, giveUpAfterMs)
  checkNotices(fate, check)
  return wrong
}

/** Its sender saw its id on a card that says accepted. */
function isAccepted({ id, told }: Fate): boolean {
  return told.replies.some((reply) => replyText(reply).startsWith(`Ticket ${id} accepted`))
}

type Check = (isKept: boolean, breach: string) => void

/** A card says what is true: accepted only what SQS has, refused only what it has not, and where it cannot know it says so. */
function checkAnswers(fate: Fate, check: Check): void {
  const { id, told, entries } = fate
  const sent = entries.filter(({ source, kind }) => source === 'sqs' && kind === 'message-sent')
  const texts = told.replies.map(replyText)
  const isMaybe = texts.some((text) => text.startsWith(`${id} may or may not arrive`))
  check(!isAccepted(fate) || sent.length > 0, 'the card says accepted, and SQS never had it')
  const isAnswered = told.replies.every(({ kind, status }) => kind === 'replied' && status === 200)
  check(
    !isAnswered || isAccepted(fate) || isMaybe || sent.length === 0,
    `the sender was told that it is not accepted, and it is queued: ${texts.join(' / ')}`,
  )
}

/** A second message in Slack says that it may be one; a second card or object must not be, but for the one case that nobody can close. */
function checkRepeats({ told, copies, entries }: Fate, check: Check): void {
  if (told.priority === 'high') {
    check(
      copies.slice(1).every(({ isMarked }) => isMarked),
      'was repeated without a mark',
    )
    return
  }
  if (copies.length <= 1) return
  const first = entries.find(({ source, kind }) => source === 'trello' && kind === 'card-created')
  // What showed only a minute after it was asked for, or while the clock jumped, no look could find.
  const asked = entries.find(({ source, kind }) => source === 'fault' && LATE.has(kind))
  const isLate = first !== undefined && asked !== undefined && first.time - asked.time >= LOOK_NO_EARLIER_MS
  check(isLate && copies.length === 2, `was delivered ${copies.length} times`)
}

const LATE: ReadonlySet<string> = new Set(['timeout-late-effect', 'slow'])
/** Design 4.7: a suspect is looked for no earlier. */
const LOOK_NO_EARLIER_MS = 60_000

/** A ticket ends for good at the first "no", and is not given up before its time. */
function checkEnds({ letter, entries }: Fate, check: Check, giveUpAfterMs: number): void {
  const died = entries.find(({ source, kind }) => source === 'function' && kind === 'ticket.dead')
  const refusals = entries.filter(
    (entry) =>
      entry.n < (died?.n ?? Number.POSITIVE_INFINITY) &&
      entry.kind === 'call' &&
      'outcome' in entry &&
      entry.outcome === 400 &&
      (entry.at === 'trello.createCard' || entry.at === 'slack.postMessage'),
  )
  // Refused for what the secret names, it is asked once more when the secret says something else.
  check(refusals.length <= 2, `was asked again: ${refusals.length} times "no"`)
  if (letter?.cause.code !== 'gave-up' || letter.life > 0) return
  const since = letter.attempts?.first?.at ?? letter.at
  check(letter.at - since >= giveUpAfterMs - TOLERANCE_MS, 'was given up before its time')
}

/** The archive is written a moment after the attempt that ended it; a clock that jumps back makes more of it. */
const TOLERANCE_MS = 600_000

/** Nobody is told that a ticket is dead, without a doubt, while the vendor has it. */
function checkNotices({ id, entries, notices }: Fate, check: Check): void {
  for (const { n, text } of notices) {
    const had = entries.some((entry) => entry.n < n && isDelivery(entry, id))
    check(!had || raisesDoubt(text, id), 'was told to be dead while the vendor had it')
  }
}

/** The words of doubt are about the one ticket of a notice, or name those of several that they are about. */
function raisesDoubt(text: string, id: string): boolean {
  return text
    .split('\n')
    .some((line) => line.includes('may have been delivered already') && (line.startsWith('It ') || line.includes(id)))
}

function isDelivery(entry: JournalEntry, id: string): boolean {
  if (entry.source === 'trello') return entry.kind === 'card-created'
  if (entry.source === 'slack') return entry.kind === 'message-posted' && entry.channel === 'tickets'
  return entry.source === 's3' && String(entry.detail['key']).startsWith('tickets/') && entry.ticket === id
}

function copiesOf(bed: VirtualTestbed, id: string, objects: readonly string[]): readonly Copy[] {
  return [
    ...objects.filter((key) => key.includes(id)).map(() => ({ isMarked: false })),
    ...bed.trello.cards.filter(({ desc }) => desc.includes(id)).map(() => ({ isMarked: false })),
    ...bed.slack
      .messagesIn('tickets')
      .filter(({ shown }) => shown.includes(id))
      .map(({ shown }) => ({ isMarked: shown.includes('Possible repeat') })),
  ]
}

async function recordOf(bed: VirtualTestbed, id: string): Promise<LedgerRecord | undefined> {
  const stored = await bed.ledger.read(id)
  return stored.kind === 'found' ? stored.item : undefined
}

async function letterOf(bed: VirtualTestbed, key: string): Promise<DeadLetter | undefined> {
  const stored = await bed.archive.read(key)
  return stored.kind === 'found' ? stored.item : undefined
}

/** Whatever a vendor holds was sent by somebody. */
async function findStrangers(bed: VirtualTestbed, ids: ReadonlySet<string>): Promise<readonly Breach[]> {
  const shown = [
    ...(await keysOf(bed, 'tickets/')),
    ...bed.trello.cards.map(({ desc }) => desc),
    ...bed.slack.messagesIn('tickets').map((message) => message.shown),
  ]
  const found = new Set(shown.map((text) => findTicketId(text) ?? text.slice(0, 40)))
  return [...found.difference(ids)].map((ticket) => ({ ticket, what: 'was delivered, and nobody sent it' }))
}

/** What cannot be read is kept whole, and an admin is told. */
async function findLostStrays(bed: VirtualTestbed, strays: readonly string[]): Promise<readonly Breach[]> {
  const keys = await keysOf(bed, 'dead-letters/unreadable-')
  const letters = await Promise.all(
    keys.map((key) => letterOf(bed, key.slice('dead-letters/'.length, -'.json'.length))),
  )
  return [...new Set(strays)].flatMap((body) => {
    const letter = letters.find((each) => each?.message.body === body)
    if (!letter) return [{ ticket: body, what: 'a body that nobody can read is gone' }]
    return letter.toldAt === undefined ? [{ ticket: body, what: 'nobody was told of an unreadable body' }] : []
  })
}
