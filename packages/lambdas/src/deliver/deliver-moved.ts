import { type Sync, caseObject, destinationFor, priorityOf, stateOf } from 'ticket-core'
import { callsEnd } from '../execution.ts'
import { decideMoved } from '../decide/decide.ts'
import { ticketSubject } from '../decide/subject.ts'
import { type MessageResult, retrySoon } from '../message-result.ts'
import type { DeliverPorts } from './deliver-ticket.ts'
import { deliverWork, type WorkSteps } from './deliver-work.ts'
import { withPlace } from './note-place.ts'
import { asItIs } from './present-words.ts'
import { type Known, isAwaited, notYet } from './read-effect.ts'
import type { Work } from './write-record.ts'

/**
 * A sync at a place that does not have the ticket yet. Where the ticket was sent at first, its own message brings it, and
 * the sync waits. Elsewhere a new priority asks for it: the whole ticket is delivered, as its state is, with a record of
 * its own in this lane. Its dead letter is the sync.
 */
export async function deliverMoved(
  ports: DeliverPorts,
  sync: Work,
  { effect, record, known, caseKey }: Known & { readonly effect: Sync },
): Promise<MessageResult> {
  const { place } = effect
  if (place === 'team' || destinationFor(known.ticket.priority) === place)
    return notYet(ports, sync, 'its ticket is not delivered there yet')
  if (!isAwaited({ place, record, known })) return { kind: 'done' }

  const events = known.events.length
  // The words of its case may change between two attempts: they are edited, or their writer is forgotten.
  const subject = { ...ticketSubject(known.ticket), digest: known.source }
  const work: Work = { ...sync, kind: 'delivery', subject }
  const steps: WorkSteps = {
    decide: (stored, now) => decideMoved(stored, { ...subject, life: sync.life, events }, now),
    prepare: async () => ({
      kind: 'ready',
      caseKey,
      syncing: events,
      deliver: ({ suspect = false, firstClaimAt }) =>
        ports.sink.deliver({
          ticket: asItIs(known, priorityOf(place)),
          state: stateOf(known),
          suspect,
          firstClaimAt,
          deadline: callsEnd(sync.turn.execution),
          keptAt: caseObject(caseKey),
        }),
    }),
  }
  const result = await withPlace(ports, sync.ticket, (wrap) => deliverWork(ports, work, wrap(steps)))
  // Once it is there, the message comes back for what a new card does not show, such as a closing.
  return result.outcome?.kind === 'delivered' && result.kind === 'done'
    ? { ...retrySoon(ports), called: true, outcome: result.outcome }
    : result
}
