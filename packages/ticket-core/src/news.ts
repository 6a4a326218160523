import { type CardLine, type CardReply, type OpenUrl, card, fact, heading, line } from './card.ts'
import type { Case } from './case.ts'
import type { DeadLetter } from './dead-letter.ts'
import { isNews } from './effects.ts'
import { eventWords } from './event-words.ts'
import type { Person, TicketEvent } from './event.ts'
import { messageLink } from './message-link.ts'
import { stateOf } from './state.ts'
import type { Ticket } from './ticket.ts'

/** How much a channel is notified of. */
export type NewsLevel = 'all' | 'important' | 'none'
/** Every level, the one with most news first. */
export const NEWS_LEVELS: readonly NewsLevel[] = ['all', 'important', 'none']

/** Where the news of a team or channel go. */
export interface NewsTarget {
  /** A Workflows webhook: a credential as a whole. */
  readonly url: string
  readonly level: NewsLevel
  /** The group of the team, which links need and Teams does not send. */
  readonly groupId?: string
}

/** By the id of a channel or a team; `default` is for all others. */
export type NewsTargets = Readonly<Record<string, NewsTarget>>

/** The target of a ticket's news: that of its channel, else of its team, else of all. */
export function newsTargetOf({ channelId, teamId }: Ticket, targets: NewsTargets): NewsTarget | undefined {
  const keys = [channelId, teamId, 'default'].filter((key) => key !== undefined)
  const key = keys.find((one) => Object.hasOwn(targets, one))
  return key === undefined ? undefined : targets[key]
}

/** Kinds that a channel of level `important` is notified of. */
const IMPORTANT: ReadonlySet<TicketEvent['kind']> = new Set(['closed', 'reopened', 'escalated'])

/** The events of a case, from the one of this number on, that a channel of this level is notified of. */
export function newsOf(known: Case, since: number, level: NewsLevel): readonly TicketEvent[] {
  if (level === 'none') return []
  const { history } = stateOf({ ...known, events: known.events.slice(since) })
  return history.filter((event) => isNews(event, known) && (level === 'all' || isImportant(event, known.ticket)))
}

/** A comment matters to its reporter when it is another person's. */
function isImportant(event: TicketEvent, { reporter }: Ticket): boolean {
  return IMPORTANT.has(event.kind) || (event.kind === 'commented' && !isSame(event.by, reporter?.name))
}

function isSame({ name }: Person, reporter: string | undefined): boolean {
  return name.trim().toLowerCase() === reporter?.trim().toLowerCase()
}

/** A card has 28 KB in Teams: ten changes, each with this much of its text, stay below. Characters, escaped to six bytes. */
const MOST_CHANGES = 10
const LONGEST_TEXT = 300
const LONGEST_HEADLINE = 200
const LONGEST_LINK = 2000

/** One card of several changes of a ticket. */
export function newsCard(
  known: Case,
  events: readonly TicketEvent[],
  { possibleRepeat, groupId }: { readonly possibleRepeat: boolean; readonly groupId?: string | undefined },
): CardReply {
  const { ticket } = known
  const { status, title } = stateOf(known)
  const left = events.length - MOST_CHANGES
  return card(
    [
      heading(cut(`${ticket.id} ${title}`, LONGEST_HEADLINE)),
      ...repeatLine(possibleRepeat),
      ...(left > 0 ? [line(`${left} earlier changes are not shown: status ${ticket.id} shows all.`)] : []),
      ...events.slice(-MOST_CHANGES).flatMap(describeChange),
      fact('Now', status),
    ],
    linkTo(ticket, groupId),
  )
}

/** A card that says that a ticket could not be delivered, and that an admin knows. */
export function deathCard(
  { ticket, letter }: { readonly ticket: Ticket; readonly letter: DeadLetter },
  { possibleRepeat, groupId }: { readonly possibleRepeat: boolean; readonly groupId?: string | undefined },
): CardReply {
  return card(
    [
      heading(cut(`${ticket.id} ${ticket.title}`, LONGEST_HEADLINE), 'Attention'),
      ...repeatLine(possibleRepeat),
      line('It could not be delivered. An admin was notified, and can send it again.', { weight: 'Bolder' }),
      fact('Cause', cut(letter.cause.reason.replaceAll(/\s+/g, ' '), LONGEST_TEXT)),
      ...(letter.mayBeDelivered ? [line('It may have been delivered all the same.')] : []),
    ],
    linkTo(ticket, groupId),
  )
}

function repeatLine(possibleRepeat: boolean): readonly CardLine[] {
  return possibleRepeat ? [line('Possible repeat: this may have been posted before.', { weight: 'Bolder' })] : []
}

function linkTo(ticket: Ticket, groupId: string | undefined): readonly OpenUrl[] {
  const url = messageLink(ticket, groupId)
  return url !== undefined && url.length <= LONGEST_LINK ? [{ type: 'Action.OpenUrl', title: 'The message', url }] : []
}

function describeChange(event: TicketEvent): readonly CardLine[] {
  const { headline, text = '' } = eventWords(event)
  const words = text.replaceAll(/\s+/g, ' ').trim()
  return [
    line(cut(headline, LONGEST_HEADLINE), { weight: 'Bolder' }),
    ...(words === '' ? [] : [line(cut(words, LONGEST_TEXT))]),
  ]
}

/** Without half a surrogate pair at its end. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
