import { listDeadLetters } from 'ticket-adapters/s3'
import { describeEffect, describeEvent, isLetterKey, isRedrivable, type DeadLetter, type Priority } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'

/** A letter without its message: thousands of these fit into memory. */
export interface LetterSummary {
  readonly key: string
  readonly kind: DeadLetter['kind']
  readonly life: number
  readonly at: number
  readonly code: string
  readonly reason: string
  /** `waits` for an operator, `redriven` (on its way again), `delivered` after all, or `closed` by an operator. */
  readonly state: 'waits' | 'redriven' | 'delivered' | 'closed'
  readonly toldAt?: number
  readonly mayBeDelivered: boolean
  readonly title?: string
  readonly priority?: Priority
}

export interface DamagedLetter {
  readonly key: string
  readonly reason: string
}

/** Passes every letter of the archive to `take`, and shows its progress. Resolves with the unreadable ones. */
export async function readLetters(
  system: System,
  context: CommandContext,
  take: (letter: DeadLetter) => Promise<void> | void,
): Promise<readonly DamagedLetter[]> {
  const damaged: DamagedLetter[] = []
  let count = 0
  for await (const listed of listDeadLetters(system.store)) {
    if (context.stop.aborted) throw new CliError(`interrupted after ${countOf(count, 'letter')}; run it again`)
    if (listed.kind === 'broken-off') throw new CliError(`the list broke off: ${listed.reason} Run it again`)
    const reason = listed.kind === 'item' ? describeForeignKey(listed.key, listed.item) : listed.reason
    if (reason !== undefined) damaged.push({ key: listed.key, reason })
    else if (listed.kind === 'item') await take(listed.item)
    count += 1
    context.progress(`reading the archive: ${countOf(count, 'letter')}`)
  }
  context.progress('')
  return damaged
}

/** What is wrong with the key of a letter. No command acts on such a letter, and no hint, made for a shell, names it. */
export function describeForeignKey(key: string, letter: DeadLetter): string | undefined {
  if (!isLetterKey(key)) return 'no letter has such a name: the report function did not put it there'
  return letter.key === key ? undefined : 'the letter under this name says that it is another one'
}

/** The summary of a letter. */
export function summarise(letter: DeadLetter): LetterSummary {
  const { key, kind, life, at, cause, ticket, event, effect, toldAt, mayBeDelivered } = letter
  return {
    key,
    kind,
    life,
    at,
    ...cause,
    state: stateOf(letter),
    ...(toldAt !== undefined && { toldAt }),
    mayBeDelivered,
    ...(ticket && { title: ticket.title, priority: ticket.priority }),
    ...(event && { title: describeEvent(event) }),
    ...(effect && { title: describeEffect(effect) }),
  }
}

/** Tickets, events and effects have a queue to go back to. */
export function canReturn({ kind }: LetterSummary): boolean {
  return isRedrivable(kind)
}

function stateOf({ correctedAt, redrivenAt, closed }: DeadLetter): LetterSummary['state'] {
  if (correctedAt !== undefined) return 'delivered'
  if (redrivenAt !== undefined) return 'redriven'
  return closed ? 'closed' : 'waits'
}

/** Damaged letters that are listed at most. */
const LISTED = 5

/** Reports the damaged letters. */
export function printDamage(damaged: readonly DamagedLetter[], context: CommandContext): void {
  for (const { key, reason } of damaged.slice(0, LISTED))
    context.printError(`${printableLine(key)} cannot be read: ${printableLine(reason)}`)
  if (damaged.length > LISTED) context.printError(`… and ${damaged.length - LISTED} more cannot be read`)
}
