import type { Person, TicketEvent, Via } from './event.ts'
import { describeDestination, destinationFor } from './lanes.ts'

/** An event in words, as plain text. */
export interface EventWords {
  /** One line, such as "Closed by Ada in Teams". */
  readonly headline: string
  /** What the person wrote, or what there is to see: any number of lines. */
  readonly text?: string
}

const WHERE: Readonly<Record<Via, string>> = {
  teams: ' in Teams',
  trello: ' in Trello',
  slack: ' in Slack',
  page: ' on the web page',
  cli: ' at the command line',
  system: '',
}

/** Says what happened, who did it, and where. */
export function eventWords(event: TicketEvent): EventWords {
  const by = `by ${nameOf(event.by)}`
  switch (event.kind) {
    case 'acknowledged':
      return { headline: `Acknowledged ${by}` }
    case 'taken':
      return { headline: `Taken ${by}` }
    case 'assigned':
      return { headline: `Assigned to ${event.to.name} ${by}` }
    case 'released':
      return { headline: `Released ${by}` }
    case 'commented':
      return { headline: `Comment ${by}`, text: event.text }
    case 'priority-changed':
      return {
        headline: `Priority changed to ${event.to} ${by}`,
        text: `${event.to} goes to ${describeDestination(destinationFor(event.to))}.`,
      }
    case 'edited':
      return { headline: `Edited ${by}`, ...withText(describeEdit(event)) }
    case 'withdrawn':
      return { headline: `Withdrawn ${by}`, ...withText(event.reason) }
    case 'closed':
      return { headline: `Closed ${by}`, ...withText(event.reason) }
    case 'reopened':
      return { headline: `Reopened ${by}`, ...withText(event.reason) }
    case 'moved':
      return { headline: `Moved to the list "${event.stage}" ${by}` }
    case 'unarchived':
      return {
        headline: `Card taken out of the archive ${by}`,
        text: `The ticket has the priority ${event.to}: ${describeDestination(destinationFor(event.to))} has it now. This card is archived again.`,
      }
    case 'attached':
      return { headline: `Attachment ${by}`, text: `${event.name}\n${event.url}` }
    case 'escalated':
      return { headline: 'Not acknowledged yet: please look at this ticket' }
  }
}

function nameOf({ name, via }: Person): string {
  return `${name === '' ? 'an unknown person' : name}${WHERE[via]}`
}

function describeEdit({ title, description }: Extract<TicketEvent, { kind: 'edited' }>): string | undefined {
  const lines = [
    ...(title === undefined ? [] : [`New title: ${title}`]),
    ...(description === undefined ? [] : [`New description:\n${description}`]),
  ]
  return lines.length === 0 ? undefined : lines.join('\n')
}

function withText(text: string | undefined): { readonly text?: string } {
  return text === undefined || text === '' ? {} : { text }
}
