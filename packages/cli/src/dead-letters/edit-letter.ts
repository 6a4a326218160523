import { createHash } from 'node:crypto'
import { sleep } from 'ticket-adapters/clock'
import { createEventQueue } from 'ticket-adapters/sqs'
import { type Case, type Enqueued, type TicketEvent, afterAllOf, hasEvent, redrivableOf, stateOf } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import { findQueue, type System } from '../connect.ts'
import type { Hint } from '../target.ts'
import { countOf } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'
import { summarise } from './read-letters.ts'
import { fetchLetter } from './show-letter.ts'

/** New words of a ticket. */
export interface Words {
  readonly title?: string
  readonly description?: string
}

export interface EditOptions {
  readonly key: string
  readonly words: Words
  /** In whose name. */
  readonly as: string
  readonly dryRun: boolean
  readonly hint: Hint
}

/** Milliseconds between two looks at the case, and of all looks. */
const LOOK_EVERY = 250
const LOOK_FOR = 60_000

/**
 * Edits a dead ticket before it is sent again: an event like any other, which line 4 adds to its case. A redrive delivers
 * the words of the case, so it waits until they are there. The event's id follows from the letter and the words: run again
 * after an interruption, it is the same event.
 */
export async function editLetter(system: System, context: CommandContext, options: EditOptions): Promise<void> {
  const { key, words, as, dryRun, hint } = options
  const { known, life } = await fetchEditable(system, key, hint)
  const { title, description } = stateOf(known)
  if (words.title !== undefined) context.print(`title: ${printableLine(title)} → ${printableLine(words.title)}`)
  if (words.description !== undefined)
    context.print(
      `description: ${countOf(description.length, 'character')} → ${countOf(words.description.length, 'character')}`,
    )
  if (dryRun) return
  const event: TicketEvent = {
    v: 1,
    id: `cli:edit:${digestOf([key, life, words.title, words.description])}`,
    ticket: known.id,
    source: known.source,
    at: afterAllOf(known, context.clock.now()),
    by: { via: 'cli', name: as },
    kind: 'edited',
    ...words,
  }
  if (hasEvent(known, event.id)) return
  const queueUrl = await findQueue(system, context, { lane: 'events', hint })
  const sent = await createEventQueue({ client: system.clients.sqs, queueUrl, clock: context.clock }).enqueue(event)
  if (sent.kind !== 'accepted') throw new CliError(describeUnsent(sent))
  await untilApplied(system, context, event)
}

/** The case of a letter's ticket, where an edit reaches what is delivered. */
async function fetchEditable(
  system: System,
  key: string,
  hint: Hint,
): Promise<{ readonly known: Case; readonly life: number }> {
  const letter = await fetchLetter(system, key, hint)
  const { ticket, life } = letter
  const { state } = summarise(letter)
  if (!ticket || !redrivableOf(letter)) throw new CliError(`${key} holds no ticket that could be edited`)
  if (state === 'redriven' || state === 'delivered')
    throw new CliError(`${key} is on its way again, or delivered: nothing was edited. See: ${hint(`status ${key}`)}`)
  if (ticket.priority === 'low')
    throw new CliError(`${key} goes to the bucket, which keeps a ticket as it was reported: redrive it as it is`)
  const [stored, record] = await Promise.all([
    system.cases.read(ticket.id),
    system.ledgers[ticket.priority].read(ticket.id),
  ])
  if (stored.kind === 'unavailable') throw new CliError(`the case of ${key} could not be read: ${stored.reason}`)
  const caseKey = record.kind === 'found' ? record.item.caseKey : undefined
  if (stored.kind === 'absent' || stored.item.source !== ticket.source || (caseKey ?? key) !== key)
    throw new CliError(`${key} has no case of its own that could be edited: it died before it was tried`)
  return { known: stored.item, life }
}

async function untilApplied({ cases }: System, context: CommandContext, event: TicketEvent): Promise<void> {
  const { clock, stop } = context
  const end = clock.monotonic() + LOOK_FOR
  context.progress('waiting until the ticket has the new words')
  while (!stop.aborted && clock.monotonic() < end) {
    const stored = await cases.read(event.ticket)
    if (stored.kind === 'found' && hasEvent(stored.item, event.id)) {
      context.progress('')
      return
    }
    await sleep(clock, LOOK_EVERY)
  }
  context.progress('')
  throw new CliError('the new words are queued, and not in the ticket yet; nothing was redriven. Run the same again')
}

function describeUnsent(sent: Exclude<Enqueued, { kind: 'accepted' }>): string {
  if (sent.kind === 'too-large')
    return `the new words are too long: ${sent.bytes} bytes, the limit is ${sent.limit}; nothing was redriven`
  const is = sent.kind === 'unknown' ? 'may be queued' : 'are not queued'
  return `the new words ${is}: ${sent.reason} Nothing was redriven. Run the same again, it does no harm`
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
