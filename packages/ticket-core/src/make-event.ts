import type { Activity } from './activity.ts'
import type { Case } from './case.ts'
import type { Change, Person, TicketEvent } from './event.ts'
import { afterAllOf } from './event-time.ts'
import { digest } from './ticket-id.ts'

/** The writer of a message, as events name them. */
export function writerOf({ reporter, writerId }: Activity): Person {
  const id = reporter?.aadObjectId ?? writerId
  return { via: 'teams', name: reporter?.name ?? 'unknown', ...(id !== undefined && { id }) }
}

/**
 * The event of a message, after all that its case has: its writer is answered with that. The same message always makes an
 * event of the same id, on every replica. Teams' message ids are times, and unique within one conversation only: two threads
 * can write in one millisecond.
 */
export function makeEvent(activity: Activity, known: Case, change: Change): TicketEvent {
  const { id, source } = known
  const conversation = digest([activity.tenantId ?? '', activity.conversationId]).slice(0, 12)
  return {
    v: 1,
    id: `teams:${activity.id}:${conversation}`,
    ticket: id,
    source,
    at: afterAllOf(known, activity.at),
    by: writerOf(activity),
    ...change,
  }
}

/** Whether the writer of a message reported a ticket: by Teams' directory id, by the name only where there is none. */
export function isReporter({ reporter: writer }: Activity, { ticket: { reporter } }: Pick<Case, 'ticket'>): boolean {
  if (!writer || !reporter) return false
  return reporter.aadObjectId === undefined && writer.aadObjectId === undefined
    ? reporter.name === writer.name
    : reporter.aadObjectId === writer.aadObjectId
}
