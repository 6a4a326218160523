import { type Case, describePerson, describeStatus, stateOf } from 'ticket-core'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import type { Hint } from '../target.ts'
import { countOf, cutLine, lineWidth, showTime } from '../text/layout.ts'
import { asciiJson, printableLine } from '../text/printable.ts'
import { type Filter, type FoundTickets, findTickets } from './find-tickets.ts'
import { summariseTicket } from './summarise.ts'

export interface ListOptions extends Filter {
  readonly limit: number
  readonly json?: boolean | undefined
  readonly hint: Hint
}

/** Prints tickets, one a line. */
export async function listTickets(system: System, context: CommandContext, options: ListOptions): Promise<number> {
  const found = await findTickets(system, options, options.limit)
  for (const { id, reason } of found.unread) context.printError(`${id} cannot be read: ${printableLine(reason)}`)
  if (options.json) context.print(asciiJson({ tickets: found.cases.map(summariseTicket), isAll: found.isAll }))
  else for (const line of describeList(found, options, lineWidth(context.columns))) context.print(line)
  return found.unread.length === 0 ? 0 : 1
}

function describeList({ cases, isAll }: FoundTickets, options: ListOptions, width: number): string[] {
  const { kind, priority, limit, hint } = options
  const [first] = cases
  if (!first) return [`no ${[kind, priority].filter((word) => word !== undefined).join(' ')} tickets`]
  const { id } = first
  return [
    ...cases.map((known) => describeTicket(known, width)),
    isAll
      ? `${countOf(cases.length, 'ticket')}; one of them whole: ${hint(`tickets show ${id}`)}`
      : `the first ${cases.length}; for more: --limit ${limit * 2}`,
  ]
}

/** Columns of a title at least. */
const TITLE_WIDTH = 12

/** One line. The title is cut to fit. */
function describeTicket(known: Case, width: number): string {
  const { status, priority, title, assignee } = stateOf(known)
  const head = [
    known.id,
    showTime(Date.parse(known.ticket.createdAt)),
    priority.padEnd('medium'.length),
    describeStatus(status).padEnd('acknowledged'.length),
  ].join('  ')
  const tail = assignee ? `  [${printableLine(describePerson(assignee))}]` : ''
  return `${head}  ${cutLine(printableLine(title), Math.max(TITLE_WIDTH, width - head.length - 2 - tail.length))}${tail}`
}
