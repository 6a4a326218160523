import { createLedgers, listDeadLetters } from 'ticket-adapters/s3'
import { replyText, type VirtualTestbed } from '@ticketing/testbed'
import { INDEX, type DeadLetter, type Destination, type LedgerRecord, laneOfPlace, ticketOfIndexKey } from 'ticket-core'
import type { Copy, SentTicket, Life, Said, ShownNote } from '../promise/evidence.ts'
import { listKeys } from '../support/bed.ts'

interface Asked {
  readonly id: string
  readonly said: readonly Said[]
  /** What a callback did not say was found on the board. */
  readonly isSwept: boolean
  /** Everything that the ticket became anywhere. */
  readonly copies: readonly Copy[]
  readonly first: SentTicket['destination']
}

/** Reads what became of a ticket after its delivery: case, index, board, alert channel and dead letters. */
export async function gatherLife(bed: VirtualTestbed, { id, said, isSwept, copies, first }: Asked): Promise<Life> {
  const stored = await bed.cases.read(id)
  const known = stored.kind === 'found' ? stored.item : undefined
  const records = await Promise.all(PLACES.map((place) => recordAt(bed, place, id)))
  const cards = bed.trello.cards.filter(({ desc }) => desc.includes(id))
  const keys = (await listKeys(bed, INDEX)).filter((key) => ticketOfIndexKey(key) === id)
  const isMissed = !isSwept && bed.journal.count({ source: 'trello', kind: 'callback-lost', ticket: id }) > 0
  const hasMoved = known?.events.some(isMove) === true
  return {
    said: said.map((one) => (isMissed || (hasMoved && one.words === undefined) ? unheard(one) : one)),
    known,
    moved: hasMoved ? copies.filter(({ place }) => place !== first) : [],
    delivered: new Set(PLACES.filter((_place, index) => records[index]?.state === 'delivered')),
    notes: [...notesInSlack(bed, id), ...notesOnBoard(bed, id)],
    cards: cards.map(({ closed, dueComplete, list }) => ({
      isArchived: closed,
      isDone: closed || dueComplete || list === 'Done',
    })),
    keys: new Set(keys),
    letters: (await lettersOf(bed)).filter(({ event, effect }) => (event ?? effect)?.ticket === id),
    shown: known && replyText(await bed.teams.sendText(`status ${id}`)),
  }
}

const PLACES: readonly Destination[] = ['bucket', 'board', 'alert']

/** The ticket's record in the lane of one place. */
export async function recordAt(
  bed: VirtualTestbed,
  place: SentTicket['destination'],
  id: string,
): Promise<LedgerRecord | undefined> {
  if (place === 'nowhere') return undefined
  const ledgers = createLedgers({ client: bed.clients.s3, bucket: bed.bucket, clock: bed.clock })
  const stored = await ledgers[laneOfPlace(place)].read(id)
  return stored.kind === 'found' ? stored.item : undefined
}

function isMove(event: unknown): boolean {
  return typeof event === 'object' && event !== null && Reflect.get(event, 'kind') === 'priority-changed'
}

/** A callback may be lost where nothing sweeps. The ticket may have left the board by then, whose card says no more where it is. */
function unheard(said: Said): Said {
  return said.origin.startsWith('trello:') ? { ...said, answers: ['none'] } : said
}

const NOTE =
  /^(?:Possible repeat: )?T-\S+ (?:Not acknowledged|Acknowledged|Taken|Assigned|Released|Comment|Priority|Closed|Reopened|Moved) /

/** Whether a message of Slack is about an event; by its text for devices that show no blocks. */
export function isNote(text: string): boolean {
  return NOTE.test(text)
}

function notesInSlack({ slack }: VirtualTestbed, id: string): ShownNote[] {
  return slack
    .messagesIn('tickets')
    .filter(({ text }) => isNote(text) && text.includes(id))
    .map(({ shown }) => ({ place: 'alert', text: shown, isMarked: shown.includes('Possible repeat: ') }))
}

/** Only our own comments: the people's are what we were told of. */
function notesOnBoard({ trello }: VirtualTestbed, id: string): ShownNote[] {
  const { actions }: { actions: readonly { type: string; idCard: string; byApp: boolean; data: { text?: string } }[] } =
    JSON.parse(trello.save())
  const cards = new Set(trello.cards.filter(({ desc }) => desc.includes(id)).map((card) => card.id))
  return actions.flatMap(({ type, idCard, byApp, data: { text = '' } }) =>
    type === 'commentCard' && byApp && cards.has(idCard) ? [{ place: 'board', text, isMarked: false }] : [],
  )
}

async function lettersOf({ clients, bucket, clock }: VirtualTestbed): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = []
  for await (const listed of listDeadLetters({ client: clients.s3, bucket, clock }))
    if (listed.kind === 'item') letters.push(listed.item)
  return letters
}
