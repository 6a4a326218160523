import { caseObject } from './case.ts'
import type { Attempt, LedgerRecord, Receipt } from './ledger-record.ts'
import type { Stored } from './ports.ts'

/** What a team is told of a ticket. Instants are milliseconds since the epoch. */
export type StatusAnswer =
  /** `keptAt`: the object that holds the whole of a ticket that its destination shows in part. */
  | {
      readonly kind: 'delivered'
      readonly id: string
      readonly at?: number
      readonly receipt?: Receipt
      readonly keptAt?: string
    }
  | { readonly kind: 'dead'; readonly id: string; readonly reason: string; readonly mayBeDelivered: boolean }
  | { readonly kind: 'retrying'; readonly id: string; readonly reason: string; readonly nextAt?: number }
  /** A first attempt is at work, or is about to be. */
  | { readonly kind: 'delivering'; readonly id: string }
  /** Not delivered yet, or never accepted; also what another team's ticket looks like. */
  | { readonly kind: 'no-record'; readonly id: string }
  /** The ledger could not be read. */
  | { readonly kind: 'unavailable'; readonly id: string }

/** Under one id the record that still needs somebody comes first, so that none hides behind a "delivered". */
const BY_NEED: readonly LedgerRecord['state'][] = ['dead', 'waiting', 'claimed', 'delivered']

/**
 * One answer from those of all lanes. A ticket has one record; a second one under its id is another ticket's, or one
 * that a lane should not have written.
 */
export function chooseRecord(stored: readonly Stored<LedgerRecord>[]): Stored<LedgerRecord> {
  const found = stored.filter((one) => one.kind === 'found')
  const [first] = found.toSorted((a, b) => BY_NEED.indexOf(a.item.state) - BY_NEED.indexOf(b.item.state))
  return first ?? stored.find((one) => one.kind === 'unavailable') ?? { kind: 'absent' }
}

/**
 * Answers `status T-…` from what the ledger holds. Only the team that a ticket came from learns of it: for any other
 * the answer is the very same as if there were no record.
 */
export function decideStatus(asked: {
  readonly id: string
  readonly stored: Stored<LedgerRecord>
  readonly team: string | undefined
}): StatusAnswer {
  const { id, stored, team } = asked
  if (stored.kind === 'unavailable') return { kind: 'unavailable', id }
  if (stored.kind === 'absent' || team === undefined || stored.item.team !== team) return { kind: 'no-record', id }
  const record = stored.item
  switch (record.state) {
    case 'delivered': {
      const { deliveredAt, receipt, caseKey } = record
      return {
        kind: 'delivered',
        id,
        ...(deliveredAt !== undefined && { at: deliveredAt }),
        ...(receipt && { receipt }),
        ...(receipt?.cut && caseKey !== undefined && { keptAt: caseObject(caseKey) }),
      }
    }
    case 'dead':
      return {
        kind: 'dead',
        id,
        reason: record.failure?.reason ?? 'no reason was recorded',
        mayBeDelivered: record.suspect === true,
      }
    case 'waiting':
    case 'claimed': {
      // Given up: it waits for its dead letter, and not for another attempt.
      if (record.failure)
        return { kind: 'dead', id, reason: record.failure.reason, mayBeDelivered: record.suspect === true }
      const failed = record.attempts.last.findLast(({ outcome }: Attempt) => outcome !== 'delivered')
      if (!failed && record.crashes === 0) return { kind: 'delivering', id }
      const nextAt = record.state === 'waiting' ? record.retryAt : undefined
      const reason = failed?.reason ?? 'the delivery was cut off in the middle'
      return { kind: 'retrying', id, reason, ...(nextAt !== undefined && { nextAt }) }
    }
  }
}
