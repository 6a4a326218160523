import type { S3Client } from '@aws-sdk/client-s3'
import { createCaseStore, createLedgers, listDeadLetters } from 'ticket-adapters/s3'
import {
  DEFAULT_PLACE,
  findTicketId,
  type SlackSimulator,
  type TrelloSimulator,
  type WorkflowsSimulator,
} from '@ticketing/testbed'
import {
  type Clock,
  type DeadLetter,
  type Destination,
  type LedgerRecord,
  type NewsLevel,
  INDEX,
  laneOfPlace,
  ticketOfIndexKey,
} from 'ticket-core'
import type { Copy, Life, NewsCard, Said, SentTicket, ShownNote } from '../promise/evidence.ts'
import { listKeys } from '../support/bed.ts'
import { FOREIGN_TEAM } from './do-act.ts'

/** Our own store, and the places that people look at. */
export interface Holders {
  readonly clients: { readonly s3: S3Client }
  readonly bucket: string
  readonly clock: Clock
  readonly trello: TrelloSimulator
  readonly slack: SlackSimulator
  readonly workflows: WorkflowsSimulator
}

/** What is shown of all tickets, each by its ticket's id. */
export interface Shown {
  readonly notes: ReadonlyMap<string, readonly ShownNote[]>
  readonly cards: ReadonlyMap<string, Life['cards']>
  readonly keys: ReadonlyMap<string, readonly string[]>
  readonly letters: ReadonlyMap<string, readonly DeadLetter[]>
  readonly news: ReadonlyMap<string, readonly NewsCard[]>
}

/** Reads index and dead letters, the board and the alert channel. */
export async function readShown(holders: Holders): Promise<Shown> {
  const { trello, slack, workflows } = holders
  const keys = await listKeys(holders, INDEX)
  const letters: DeadLetter[] = []
  for await (const listed of listDeadLetters(storeOf(holders))) if (listed.kind === 'item') letters.push(listed.item)
  const idOfCard = new Map(trello.cards.map(({ id, desc }) => [id, findTicketId(desc) ?? '']))
  const cards = Map.groupBy(trello.cards, ({ id }) => idOfCard.get(id) ?? '')
  const notes = [...notesInSlack(slack), ...notesOnBoard(trello, idOfCard)]
  return {
    notes: groupById(notes),
    cards: new Map([...cards].map(([id, some]) => [id, some.map(looksOf)])),
    keys: Map.groupBy(keys, (key) => ticketOfIndexKey(key) ?? ''),
    news: Map.groupBy(workflows.posts.map(readNews), ({ ticket }) => ticket),
    letters: Map.groupBy(letters, ({ event, effect }) => (event ?? effect)?.ticket ?? ''),
  }
}

interface Asked {
  readonly id: string
  readonly said: readonly Said[]
  /** A callback about it was lost for good, and nothing sweeps. */
  readonly isMissed: boolean
  /** Everything that the ticket became anywhere. */
  readonly copies: readonly Copy[]
  readonly first: SentTicket['destination']
  /** How much its team is told; absent where no flow is set up. */
  readonly level?: NewsLevel | undefined
  /** What the bot answers to `status`; absent where nobody asks. */
  readonly askStatus?: () => Promise<string>
}

/** Reads what became of a ticket after its delivery. */
export async function gatherLife(holders: Holders, shown: Shown, asked: Asked): Promise<Life> {
  const { id, said, isMissed, copies, first, level, askStatus } = asked
  const stored = await createCaseStore(storeOf(holders)).read(id)
  const known = stored.kind === 'found' ? stored.item : undefined
  const hasMoved = known?.events.some(isMove) === true
  const places = hasMoved ? PLACES : PLACES.filter((place) => place === first)
  const records = await Promise.all(places.map((place) => recordAt(holders, place, id)))
  return {
    said: said.map((one) => (isMissed || (hasMoved && one.words === undefined) ? unheard(one) : one)),
    known,
    moved: hasMoved ? copies.filter(({ place }) => place !== first) : [],
    delivered: new Set(places.filter((_place, index) => records[index]?.state === 'delivered')),
    notes: shown.notes.get(id) ?? [],
    cards: shown.cards.get(id) ?? [],
    keys: new Set(shown.keys.get(id)),
    letters: shown.letters.get(id) ?? [],
    news: level && { level, cards: shown.news.get(id) ?? [] },
    shown: known && (await askStatus?.()),
  }
}

const PLACES: readonly Destination[] = ['bucket', 'board', 'alert']

/** The ticket's record in the lane of one place. */
export async function recordAt(
  holders: Pick<Holders, 'clients' | 'bucket' | 'clock'>,
  place: SentTicket['destination'],
  id: string,
): Promise<LedgerRecord | undefined> {
  if (place === 'nowhere') return undefined
  const stored = await createLedgers(storeOf(holders))[laneOfPlace(place)].read(id)
  if (stored.kind === 'unavailable') throw new Error(`the ledger could not be read: ${stored.reason}`)
  return stored.kind === 'found' ? stored.item : undefined
}

function storeOf({ clients, bucket, clock }: Pick<Holders, 'clients' | 'bucket' | 'clock'>) {
  return { client: clients.s3, bucket, clock }
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

/** Not about what happened to it: an event, or what an event causes elsewhere, has a dead letter of its own. */
export function isAboutTicket(text: string, id: string): boolean {
  return new RegExp(`(?<!What happened to |the state of |a note about |sync-\\w+-)${id}(?!, by )`).test(text)
}

function readNews({ shown, channelId }: WorkflowsSimulator['posts'][number]): NewsCard & { readonly ticket: string } {
  const isMarked = shown.includes('Possible repeat: ')
  return { ticket: findTicketId(shown) ?? '', text: shown, isMarked, isForeign: channelId === FOREIGN_TEAM }
}

type OwnedNote = ShownNote & { readonly ticket: string }

function notesInSlack(slack: SlackSimulator): OwnedNote[] {
  return slack.messagesIn('tickets').flatMap(({ text, shown }) =>
    isNote(text)
      ? {
          ticket: findTicketId(text) ?? '',
          place: 'alert' as const,
          text: shown,
          isMarked: shown.includes('Possible repeat: '),
        }
      : [],
  )
}

/** Only our own comments: the people's are what we were told of. */
function notesOnBoard({ actions }: TrelloSimulator, idOfCard: ReadonlyMap<string, string>): OwnedNote[] {
  return actions.flatMap(({ type, idCard, byApp, data: { text } }) => {
    const ticket = idOfCard.get(idCard)
    return type === 'commentCard' && byApp && ticket !== undefined
      ? { ticket, place: 'board' as const, text: String(text), isMarked: false }
      : []
  })
}

function groupById(notes: readonly OwnedNote[]): Map<string, OwnedNote[]> {
  return Map.groupBy(notes, ({ ticket }) => ticket)
}

/** A card looks done in three ways. */
function looksOf({ closed, dueComplete, list }: TrelloSimulator['cards'][number]): Life['cards'][number] {
  return { isArchived: closed, isDone: closed || dueComplete || list === 'Done' }
}

/** A flow for the team that reports tickets, and one for the other team: what `TEAMS_NOTIFY_URL` is to be. */
export function setUpNews(workflows: WorkflowsSimulator, level: NewsLevel, listener = workflows.origin): string {
  const theirs = workflows.addFlow({ channelId: FOREIGN_TEAM })
  return JSON.stringify({
    [DEFAULT_PLACE.teamId]: { url: workflows.at(listener), level },
    [FOREIGN_TEAM]: { url: workflows.at(listener, theirs), level: 'all' },
  })
}
