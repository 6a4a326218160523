import type { Case } from './case.ts'
import type { EscalationStep, TicketEvent } from './event.ts'
import { stateOf } from './state.ts'

/** Who is notified of a high ticket that was not acknowledged, one after the other. */
const STEPS: readonly EscalationStep[] = ['alert', 'team', 'admin']

/** The next step of a ticket that is not acknowledged. */
export interface Escalation {
  /** Milliseconds since the epoch. */
  readonly due: number
  /** Its event, when it is made at this instant. Its id follows from the case alone: any number of servers make one. */
  readonly eventAt: (now: number) => TicketEvent
}

/**
 * The next step of a ticket's escalation; undefined when there is none: it is acknowledged, closed or not high, or every
 * step was made. The time runs from when it last became high, or was reopened; a step that came late delays the next one.
 */
export function nextEscalation(known: Case, afterMs: number): Escalation | undefined {
  const { status, priority, acknowledged, history } = stateOf(known)
  if (priority !== 'high' || status !== 'open' || acknowledged) return undefined
  const starts = history.filter(({ kind }) => kind === 'reopened' || kind === 'priority-changed')
  const start = starts.at(-1)
  const since = start?.at ?? Date.parse(known.ticket.createdAt)
  const made = history.slice(start ? history.indexOf(start) : 0).filter(({ kind }) => kind === 'escalated')
  const to = STEPS[made.length]
  if (to === undefined) return undefined
  const { id: ticket, source } = known
  const number = starts.length * STEPS.length + made.length + 1
  const id = `system:escalated:${ticket}:${number}`
  return {
    due: (made.at(-1)?.at ?? since) + afterMs,
    eventAt: (at) => ({ v: 1, id, ticket, source, at, by: BY, kind: 'escalated', to }),
  }
}

const BY = { via: 'system', name: 'Escalation' } as const
