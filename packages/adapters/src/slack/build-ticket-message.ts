import type { Ticket } from 'ticket-core'
import { visibleText } from 'ticket-core'
import type { Block, SlackMessage } from './blocks.ts'
import { buildFields, buildHeader, buildSections, escapeFallback } from './blocks.ts'

const REPEAT = 'Possible repeat: an earlier message with this ticket id may be here already.'
/** Sections of each text; with the other blocks that stays below Slack's 50. */
const MOST_DESCRIPTION = 8
const MOST_STEPS = 6
const MOST_LINKS = 2

/** The message of a ticket, everything that a user wrote as plain text. A possible repeat says so first. */
export function buildTicketMessage(ticket: Ticket, possibleRepeat: boolean): SlackMessage {
  const { id, priority, links, reporter } = ticket
  const title = visibleText(ticket.title)
  const description = visibleText(ticket.description)
  const steps = visibleText(ticket.steps ?? '')
  const repeat = possibleRepeat ? 'Possible repeat: ' : ''
  const facts: [string, string][] = [
    ['Ticket', id],
    ['Priority', priority],
    ['Reported', ticket.createdAt],
  ]
  if (reporter) facts.push(['By', visibleText(reporter.name)])
  const blocks: Block[] = [buildHeader(title)]
  if (possibleRepeat) blocks.push(...buildSections(REPEAT, 1))
  blocks.push(buildFields(facts), ...buildSections(description, MOST_DESCRIPTION))
  if (steps.trim() !== '') blocks.push(...buildSections(`Steps:\n${steps}`, MOST_STEPS))
  if (links.length > 0) {
    const lines = links.map(({ text, url }) => (text === url ? url : `${text}: ${url}`))
    blocks.push(...buildSections(visibleText(`Links:\n${lines.join('\n')}`), MOST_LINKS))
  }
  return { text: escapeFallback(`${repeat}${id} ${title}`), blocks }
}
