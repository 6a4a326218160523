import {
  type Case,
  type TicketEvent,
  type TicketState,
  describeDestination,
  describeDoing,
  describePerson,
  describeProgress,
  destinationFor,
  eventWords,
  messageLink,
  stateOf,
} from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { describeRecord } from '../show-record.ts'
import type { Hint } from '../target.ts'
import { type Fact, countOf, layFacts, lineWidth, showTime } from '../text/layout.ts'
import { asciiJson, printable, printableLine } from '../text/printable.ts'
import { type LaneRecord, readRecords } from './read-records.ts'
import { summariseState } from './summarise.ts'

export interface ShowOptions {
  readonly ids: readonly string[]
  readonly json?: boolean | undefined
  readonly hint: Hint
}

/** Prints tickets whole: state, words, history, and where they were delivered. */
export async function showTickets(
  system: System,
  context: CommandContext,
  { ids, json, hint }: ShowOptions,
): Promise<number> {
  for (const [index, id] of ids.entries()) {
    const known = await fetchCase(system, id, hint)
    const records = await readRecords(system, known)
    if (json) {
      const ledger = Object.fromEntries(records.map(({ lane, record }) => [lane, record]))
      context.print(asciiJson({ state: summariseState(stateOf(known)), case: known, ledger }))
      continue
    }
    if (index > 0) context.print('')
    for (const line of describeTicket(known, records, { width: lineWidth(context.columns), system, hint }))
      context.print(line)
  }
  return 0
}

/** Reads one case. If there is none, the error says what the ledger knows. */
export async function fetchCase(system: System, id: string, hint: Hint): Promise<Case> {
  const stored = await system.cases.read(id)
  if (stored.kind === 'found') return stored.item
  if (stored.kind === 'unavailable') throw new CliError(`${id} could not be read: ${stored.reason}`)
  throw new CliError(`${id} has no case: not delivered yet, or never accepted. See: ${hint(`status ${id}`)}`)
}

interface View {
  readonly width: number
  readonly system: System
  readonly hint: Hint
}

function describeTicket(known: Case, records: readonly LaneRecord[], view: View): string[] {
  const { id, team, ticket } = known
  const state = stateOf(known)
  const facts: readonly Fact[] = [
    ['status', describeProgress(state)],
    ['priority', describePriority(known, state)],
    ['assignee', state.assignee ? describePerson(state.assignee) : 'none'],
    ['acknowledged', state.acknowledged && describeDoing(state.acknowledged)],
    ['reported', `${ticket.createdAt}${ticket.reporter ? ` by ${printableLine(ticket.reporter.name)}` : ''}`],
    ['team', team],
    ['message', messageLink(ticket)],
    ['description', state.description],
    ['steps', ticket.steps],
    ['links', ticket.links.length > 0 ? ticket.links.map(({ url }) => printableLine(url)).join('\n') : undefined],
  ]
  return [
    `${id}  ${printableLine(state.title)}`,
    ...layFacts(facts, view.width),
    `  history:     ${countOf(state.history.length, 'event')}`,
    ...state.history.flatMap(describeEntry),
    ...(records.length === 0 ? ['  delivery:    none began yet'] : records.flatMap((one) => describeLane(one, view))),
  ]
}

function describePriority({ ticket }: Case, { priority }: TicketState): string {
  const now = `${priority}, which goes to ${describeDestination(destinationFor(priority))}`
  return priority === ticket.priority ? now : `${now}; reported as ${ticket.priority}`
}

/** What a person wrote is marked, so that none of its lines looks like ours. */
function describeEntry(event: TicketEvent): string[] {
  const { headline, text } = eventWords(event)
  const lines = text === undefined ? [] : printable(text).split('\n')
  return [`    ${showTime(event.at)}  ${printableLine(headline)}`, ...lines.map((line) => `      | ${line}`.trimEnd())]
}

function describeLane({ lane, record }: LaneRecord, { width, system: { bucket }, hint }: View): string[] {
  const { id, state } = record
  const [first = '', ...more] = describeRecord(record, { width: width - 2, bucket })
  return [
    `  delivery:    ${first}, ${describeDestination(destinationFor(lane))}`,
    ...more.map((line) => `  ${line}`),
    ...(state === 'dead' ? [`    more: ${hint(`dead-letters show ${id}`)}`] : []),
  ]
}
