import { echoLine } from './echo.ts'
import type { Person } from './event.ts'
import { destinationFor } from './lanes.ts'
import type { Ending, Status, TicketState } from './state.ts'

const STATUSES: Readonly<Record<Status, string>> = {
  open: 'open',
  acknowledged: 'acknowledged',
  'in-progress': 'in progress',
  closed: 'closed',
}
const PLACES: Readonly<Record<Person['via'], string>> = {
  teams: '',
  trello: ' (Trello)',
  slack: ' (Slack)',
  page: '',
  cli: ' (operator)',
  system: '',
}

/** A status in words: `in progress`. */
export function describeStatus(status: Status): string {
  return STATUSES[status]
}

/** A person on one line, with the place that named them when it is not Teams. */
export function describePerson({ name, via }: Person): string {
  return `${echoLine(name, 80)}${PLACES[via]}`
}

/** Who did something, and when. */
export function describeDoing({ by, at }: { readonly by: Person; readonly at: number }): string {
  return `${describePerson(by)}, ${formatInstant(at)}`
}

/** The end of a ticket: "closed by Ada, 2026-11-23 14:03 UTC: fixed". */
export function describeEnding(ending: Ending): string {
  const reason = ending.reason === undefined ? '' : `: ${echoLine(ending.reason)}`
  return `${ending.isWithdrawn ? 'withdrawn' : 'closed'} by ${describeDoing(ending)}${reason}`
}

/** The status with what matters beside it. */
export function describeProgress({ status, ending, stage, priority }: TicketState): string {
  if (ending) return describeEnding(ending)
  // The list of a card that the ticket has left says nothing more.
  return stage === undefined || destinationFor(priority) !== 'board'
    ? describeStatus(status)
    : `${describeStatus(status)}, on the board in “${echoLine(stage, 60)}”`
}

/** To the minute, in UTC: "2026-11-23 14:03 UTC". */
export function formatInstant(at: number): string {
  return Math.abs(at) <= 8.64e15 ? `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'unknown'
}
