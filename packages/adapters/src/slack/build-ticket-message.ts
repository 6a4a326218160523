import {
  SLACK_BUTTONS,
  SLACK_REPEAT,
  type Ticket,
  type TicketState,
  describeDestination,
  describeDoing,
  describeEnding,
  describePerson,
  describeStatus,
  destinationFor,
  messageLink,
  visibleText,
} from 'ticket-core'
import { cutWithNote } from '../http/text.ts'
import {
  type Block,
  type SlackMessage,
  buildFields,
  buildHeader,
  buildLink,
  buildSections,
  escapeFallback,
  LONGEST_HEADER,
  plain,
} from './blocks.ts'

export const REPEAT = 'Possible repeat: an earlier message with this ticket id may be here already.'
/** Sections of each text; with the other blocks that stays below Slack's 50. */
const MOST_TITLE = 2
const MOST_DESCRIPTION = 8
const MOST_STEPS = 6
const MOST_LINKS = 2
const LONGEST_REPORTER = 200
const LONGEST_LINK = 2000

export interface TicketMessage {
  readonly message: SlackMessage
  /** Whether a part of the ticket has no room in the message; then the message says where the whole is. */
  readonly isCut: boolean
}

export interface TicketMessageOptions {
  readonly possibleRepeat: boolean
  readonly keptAt: string
  readonly buttons: boolean
  /** What people have done with it already. */
  readonly state?: TicketState | undefined
}

/**
 * The message of a ticket, everything that a user wrote as plain text. A possible repeat says so first. Each text has
 * its own room, so that a long description leaves the steps theirs. `keptAt` names the object that holds the whole.
 */
export function buildTicketMessage(
  ticket: Ticket,
  { possibleRepeat, keptAt, buttons, state }: TicketMessageOptions,
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
  if (state) facts.push(...describeState(state))
  if (ticket.teamId !== undefined) facts.push(['Team', visibleText(ticket.teamId)])
  if (ticket.channelId !== undefined) facts.push(['Channel', visibleText(ticket.channelId)])
  const link = messageLink(ticket)
  const texts = describeTexts(ticket, title).map(({ text, most }) => buildSections(text, most))
  const isCut = shownBy !== by || texts.some((text) => text.isCut)
  const repeat = possibleRepeat ? SLACK_REPEAT : ''
  const blocks: Block[] = [
    buildHeader(title),
    ...(possibleRepeat ? buildSections(REPEAT, 1).blocks : []),
    buildFields(facts),
    ...(link !== undefined && link.length <= LONGEST_LINK ? [buildLink('Message in Teams', link)] : []),
    ...(isCut
      ? buildSections(`Cut: too long for Slack. The whole ticket is kept in the bucket: ${keptAt}`, 1).blocks
      : []),
    ...texts.flatMap((text) => text.blocks),
    ...(buttons ? buildButtons(id, state) : []),
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

/** What the ticket is now, as far as it is no longer new, and where it went. */
function describeState({ status, acknowledged, assignee, ending, priority }: TicketState): [string, string][] {
  const facts: [string, string][] = []
  const by = acknowledged ? ` by ${describeDoing(acknowledged)}` : ''
  if (ending) facts.push(['Status', visibleText(describeEnding(ending))])
  else if (status !== 'open') facts.push(['Status', visibleText(describeStatus(status) + by)])
  if (assignee) facts.push(['Assignee', visibleText(describePerson(assignee))])
  const place = destinationFor(priority)
  if (place !== 'alert') facts.push(['Now at', describeDestination(place)])
  return facts
}

/** What a person can do about the ticket as it is. Closing asks once more, since all are notified of it. */
function buildButtons(value: string, state: TicketState | undefined): readonly Block[] {
  const button = (action_id: string, text: string) => ({ type: 'button', action_id, value, text: plain(text) }) as const
  const acknowledge = { ...button(SLACK_BUTTONS.acknowledge, 'Acknowledge'), style: 'primary' } as const
  const close = {
    ...button(SLACK_BUTTONS.close, 'Close'),
    confirm: {
      title: plain('Close this ticket?'),
      text: plain(`${value} is closed everywhere, and its reporter is notified.`),
      confirm: plain('Close it'),
      deny: plain('Cancel'),
    },
  } as const
  // Another place has it now.
  if (state && destinationFor(state.priority) !== 'alert') return []
  const take = button(SLACK_BUTTONS.take, state?.assignee ? 'Take over' : 'Take')
  switch (state?.status) {
    case 'closed':
      return [{ type: 'actions', elements: [button(SLACK_BUTTONS.reopen, 'Reopen')] }]
    case 'acknowledged':
    case 'in-progress':
      return [{ type: 'actions', elements: [take, close] }]
    case 'open':
    case undefined:
      return [{ type: 'actions', elements: [acknowledge, take, close] }]
  }
}
