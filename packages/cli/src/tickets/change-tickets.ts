import { randomUUID } from 'node:crypto'
import {
  type Case,
  type Change,
  type Enqueued,
  type TicketEvent,
  type TicketState,
  addEvent,
  afterAllOf,
  describePerson,
  describeProgress,
  eventWords,
  showsAlready,
  stateOf,
} from 'ticket-core'
import { createEventQueue } from 'ticket-adapters/sqs'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import { findQueue, type System } from '../connect.ts'
import type { Hint } from '../target.ts'
import { layFacts, lineWidth } from '../text/layout.ts'
import { asciiJson, printableLine } from '../text/printable.ts'
import { type StateSummary, summariseState } from './summarise.ts'

export interface ChangeOptions {
  readonly ids: readonly string[]
  /** What is to happen to a ticket, or why it cannot. */
  readonly change: (known: Case) => Promise<Change | { readonly refused: string }> | Change
  /** The name that the events carry. */
  readonly as: string
  readonly json?: boolean | undefined
  readonly hint: Hint
}

/** What became of one ticket's change. */
type Changed =
  | {
      readonly ticket: string
      readonly outcome: 'queued'
      readonly event: TicketEvent
      readonly before: TicketState
      readonly after: TicketState
      /** It changes nothing that the state shows. */
      readonly isRepeat: boolean
    }
  | { readonly ticket: string; readonly outcome: 'not-queued' | 'maybe-queued'; readonly reason: string }

/** Sends an event of each ticket to the queue of events, and says what the ticket will be with it. */
export async function changeTickets(system: System, context: CommandContext, options: ChangeOptions): Promise<number> {
  const { ids, json, hint } = options
  const queueUrl = await findQueue(system, context, { lane: 'events', hint })
  const queue = createEventQueue({ client: system.clients.sqs, queueUrl, clock: context.clock, timeoutMs: ONE_SEND_MS })
  const results: Changed[] = []
  for (const id of ids) {
    if (context.stop.aborted)
      throw new CliError(`interrupted: ${results.length} of ${ids.length} were sent; run it again for the rest`)
    const changed = await changeOne(system, id, {
      ...options,
      enqueue: (event) => queue.enqueue(event),
      now: context.clock.now(),
    })
    results.push(changed)
    if (!json) for (const line of describeChanged(changed, lineWidth(context.columns), hint)) context.print(line)
  }
  if (json) context.print(asciiJson({ tickets: results.map(toJson) }))
  return results.every(({ outcome }) => outcome === 'queued') ? 0 : 1
}

/** Milliseconds for one try: a person can wait longer than Teams. */
const ONE_SEND_MS = 5000
/** The same event is sent again where SQS does not answer: its id makes that harmless. */
const TRIES = 3

async function changeOne(
  { cases }: System,
  ticket: string,
  {
    change,
    as,
    now,
    enqueue,
  }: ChangeOptions & { readonly now: number; readonly enqueue: (event: TicketEvent) => Promise<Enqueued> },
): Promise<Changed> {
  const notQueued = (reason: string): Changed => ({ ticket, outcome: 'not-queued', reason })
  const stored = await cases.read(ticket)
  if (stored.kind === 'unavailable') return notQueued(`its case could not be read: ${stored.reason}`)
  if (stored.kind === 'absent') return notQueued('it has no case: not delivered yet, or never accepted')
  const known = stored.item
  const asked = await change(known)
  if ('refused' in asked) return notQueued(asked.refused)

  const by = { via: 'cli', name: as } as const
  const { source } = known
  const at = afterAllOf(known, now)
  const event: TicketEvent = { v: 1, id: `cli:${randomUUID()}`, ticket, source, at, by, ...asked }
  let sent: Enqueued = { kind: 'unknown', reason: '' }
  for (let tries = 0; tries < TRIES && sent.kind === 'unknown'; tries += 1) sent = await enqueue(event)
  switch (sent.kind) {
    case 'accepted': {
      const [before, after] = [stateOf(known), stateOf(addEvent(known, event, known.nonce))]
      return { ticket, outcome: 'queued', event, before, after, isRepeat: showsAlready(known, event) }
    }
    case 'refused':
      return notQueued(sent.reason)
    case 'too-large':
      return notQueued(`the event has ${sent.bytes} bytes, the limit is ${sent.limit}: write less`)
    case 'unknown':
      return { ticket, outcome: 'maybe-queued', reason: sent.reason }
  }
}

function describeChanged(changed: Changed, width: number, hint: Hint): string[] {
  const { ticket } = changed
  if (changed.outcome !== 'queued') {
    const reason = printableLine(changed.reason)
    if (changed.outcome === 'not-queued') return [`${ticket}  not queued: ${reason}`]
    return [`${ticket}  may be queued: ${reason} Look before you run it again: ${hint(`tickets show ${ticket}`)}`]
  }
  const { event, before, after, isRepeat } = changed
  const { headline } = eventWords(event)
  return [
    `${ticket}  queued: ${printableLine(headline.charAt(0).toLowerCase() + headline.slice(1))}`,
    ...layFacts(
      [
        ['will be', isRepeat ? `as it is already: ${describeProgress(before)}` : undefined],
        ['status', old(describeProgress(before), describeProgress(after))],
        ['priority', old(before.priority, after.priority)],
        ['assignee', old(assigneeOf(before), assigneeOf(after))],
      ],
      width,
    ),
  ]
}

/** Nothing where nothing changes. */
function old(before: string, after: string): string | undefined {
  return before === after ? undefined : `${before} → ${after}`
}

function assigneeOf({ assignee }: TicketState): string {
  return assignee ? describePerson(assignee) : 'none'
}

function toJson(changed: Changed): Readonly<Record<string, string | TicketEvent | StateSummary>> {
  if (changed.outcome !== 'queued') return changed
  const { ticket, outcome, event, before, after } = changed
  return { ticket, outcome, event, before: summariseState(before), after: summariseState(after) }
}
