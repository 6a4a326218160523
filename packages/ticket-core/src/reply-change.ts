import { type CardLine, type CardReply, block, card, fact, heading, line } from './card.ts'
import type { Case } from './case.ts'
import { describeDoing, describeEnding, describePerson, describeProgress, describeStatus } from './describe-state.ts'
import { echoLine, echoLines } from './echo.ts'
import type { TicketEvent } from './event.ts'
import { afterAllOf } from './event-time.ts'
import { capitalise } from './render-message.ts'
import { type Hint, command } from './reply.ts'
import { addEvent, eventsBefore, hasEvent, showsAlready, stateOf, type TicketState } from './state.ts'

/**
 * The card of a change: who did what, and the ticket as it is with it, each value that changed as "old → new". A change
 * that changes nothing says so.
 */
export function replyChange({
  known,
  event,
  mention,
}: { readonly known: Case; readonly event: TicketEvent } & Hint): CardReply {
  // A repeat gets the answer that the message got: with what the case had then.
  const then = { ...known, events: eventsBefore(known, event.id) }
  const done = { ...event, at: afterAllOf(then, event.at) }
  const before = stateOf(then)
  const after = stateOf(addEvent(then, done, ''))
  const already = showsAlready(then, done) ? describeAlready(before, done, known) : undefined
  const { id } = known
  return card([
    heading(`${id} ${already?.words ?? DONE[event.kind]}`, already ? undefined : 'Good'),
    ...(already?.detail === undefined ? [] : [line(already.detail)]),
    ...(already ? [line('Your message counts all the same, after what others sent in the last seconds.')] : []),
    ...describeChanged(before, after, event),
    ...(already ? [] : [fact('By', describeDoing(event))]),
    ...(after.status === 'closed' && event.kind !== 'closed' && event.kind !== 'withdrawn'
      ? [line(`It is closed. To open it again: ${command(mention, `reopen ${id}`)}`)]
      : []),
    ...describeSince(known, event, after),
    line(`All of it: ${command(mention, `status ${id}`)}`, { isSubtle: true }),
  ])
}

const DONE: Readonly<Record<TicketEvent['kind'], string>> = {
  acknowledged: 'acknowledged',
  taken: 'taken',
  assigned: 'assigned',
  released: 'released',
  commented: 'has a new comment',
  'priority-changed': 'has another priority',
  edited: 'edited',
  withdrawn: 'withdrawn',
  closed: 'closed',
  reopened: 'reopened',
  moved: 'moved',
  unarchived: 'has its card back',
  attached: 'has a new attachment',
  escalated: 'escalated',
}

/** What became of the ticket since a message that comes again. */
function describeSince(known: Case, event: TicketEvent, then: TicketState): CardLine[] {
  const [before, now] = [describeProgress(then), describeProgress(stateOf(known))]
  return hasEvent(known, event.id) && before !== now ? [fact('Now', now)] : []
}

/** The ticket in short, with what the change made of it. */
function describeChanged(before: TicketState, after: TicketState, event: TicketEvent): CardLine[] {
  return [
    fact('Title', change(echoLine(before.title, 200), echoLine(after.title, 200))),
    ...(before.description === after.description
      ? []
      : block(echoLines(`Description: ${after.description}`, 6000).text)),
    fact('Status', change(describeStatus(before.status), describeStatus(after.status))),
    fact('Priority', change(capitalise(before.priority), capitalise(after.priority))),
    fact('Assignee', change(assigneeOf(before), assigneeOf(after))),
    ...('reason' in event && event.reason !== undefined ? [fact('Reason', echoLine(event.reason))] : []),
    ...(event.kind === 'commented' ? [line('Comment:'), ...block(echoLines(event.text, 6000).text)] : []),
  ]
}

function change(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`
}

function assigneeOf({ assignee }: TicketState): string {
  return assignee ? describePerson(assignee) : 'none'
}

interface Already {
  readonly words: string
  readonly detail?: string | undefined
}

/** What the ticket was already, by whom and when. */
function describeAlready(before: TicketState, event: TicketEvent, { ticket }: Case): Already {
  const reported = `since it was reported${ticket.reporter ? ` by ${echoLine(ticket.reporter.name, 80)}` : ''}`
  const lastOf = (...kinds: readonly TicketEvent['kind'][]): string | undefined => {
    const last = before.history.findLast(({ kind }) => kinds.includes(kind))
    return last && describeDoing(last)
  }
  switch (event.kind) {
    case 'closed':
    case 'withdrawn':
      return { words: 'is closed already', detail: before.ending ? `It was ${describeEnding(before.ending)}.` : '' }
    case 'reopened':
      return { words: `is ${describeStatus(before.status)} already`, detail: detail('Reopened by', lastOf('reopened')) }
    case 'acknowledged':
      if (before.status === 'closed')
        return { words: 'is closed already', detail: `It was ${describeProgress(before)}.` }
      return {
        words: 'was acknowledged already',
        ...(before.acknowledged && { detail: `By ${describeDoing(before.acknowledged)}.` }),
      }
    case 'taken':
    case 'assigned':
      return { words: `is ${assigneeOf(before)}’s already`, detail: detail('By', lastOf('taken', 'assigned')) }
    case 'released':
      return { words: 'has no assignee already', detail: detail('Released by', lastOf('released')) }
    case 'priority-changed':
      return {
        words: `has ${before.priority} priority already`,
        detail:
          lastOf('priority-changed') === undefined ? `It has it ${reported}.` : `By ${lastOf('priority-changed')}.`,
      }
    case 'edited':
      return { words: 'says that already' }
    case 'commented':
    case 'moved':
    case 'unarchived':
    case 'attached':
    case 'escalated':
      return { words: describeProgress(before) }
  }
}

function detail(how: string, who: string | undefined): string | undefined {
  return who === undefined ? undefined : `${how} ${who}.`
}
