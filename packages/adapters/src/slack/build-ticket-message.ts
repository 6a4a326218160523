import { type Ticket, visibleText } from 'ticket-core'
import { cutWithNote } from '../http/text.ts'
import {
  type Block,
  type SlackMessage,
  buildFields,
  buildHeader,
  buildSections,
  escapeFallback,
  LONGEST_HEADER,
} from './blocks.ts'

const REPEAT = 'Possible repeat: an earlier message with this ticket id may be here already.'
/** Sections of each text; with the other blocks that stays below Slack's 50. */
const MOST_TITLE = 2
const MOST_DESCRIPTION = 8
const MOST_STEPS = 6
const MOST_LINKS = 2
const LONGEST_REPORTER = 200

export interface TicketMessage {
  readonly message: SlackMessage
  /** Whether a part of the ticket has no room in the message; then the message says where the whole is. */
  readonly isCut: boolean
}

/**
 * The message of a ticket, everything that a user wrote as plain text. A possible repeat says so first. Each text has
 * its own room, so that a long description leaves the steps theirs. `keptAt` names the object that holds the whole.
 */
export function buildTicketMessage(
  ticket: Ticket,
  { possibleRepeat, keptAt }: { readonly possibleRepeat: boolean; readonly keptAt: string },
): TicketMessage {
  const { id, priority, createdAt } = ticket
  const title = visibleText(ticket.title)
  const by = visibleText(ticket.reporter?.name ?? '')
  const shownBy = cutWithNote(by, LONGEST_REPORTER, '…')
  const facts: [string, string][] = [
    ['Ticket', id],
    ['Priority', priority],
    ['Reported', createdAt],
  ]
  if (by !== '') facts.push(['By', shownBy])
  const texts = describeTexts(ticket, title).map(({ text, most }) => buildSections(text, most))
  const isCut = shownBy !== by || texts.some((text) => text.isCut)
  const repeat = possibleRepeat ? 'Possible repeat: ' : ''
  const blocks: Block[] = [
    buildHeader(title),
    ...(possibleRepeat ? buildSections(REPEAT, 1).blocks : []),
    buildFields(facts),
    ...(isCut
      ? buildSections(`Cut: too long for Slack. The whole ticket is kept in the bucket: ${keptAt}`, 1).blocks
      : []),
    ...texts.flatMap((text) => text.blocks),
  ]
  return { message: { text: escapeFallback(`${repeat}${id} ${title}`), blocks }, isCut }
}

/** The ticket's texts in order, each with the number of sections that it may have. */
function describeTexts(
  { description, steps = '', links }: Ticket,
  title: string,
): readonly { readonly text: string; readonly most: number }[] {
  const lines = links.map(({ text, url }) => (text === url ? url : `${text}: ${url}`))
  return [
    ...(title.length > LONGEST_HEADER ? [{ text: `Title:\n${title}`, most: MOST_TITLE }] : []),
    { text: visibleText(description), most: MOST_DESCRIPTION },
    ...(steps.trim() === '' ? [] : [{ text: `Steps:\n${visibleText(steps)}`, most: MOST_STEPS }]),
    ...(links.length === 0 ? [] : [{ text: visibleText(`Links:\n${lines.join('\n')}`), most: MOST_LINKS }]),
  ]
}
