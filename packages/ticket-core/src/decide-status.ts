import { caseObject } from './case.ts'
import type { Attempt, LedgerRecord, Receipt } from './ledger-record.ts'
import type { Stored } from './ports/stores.ts'

/** What a team may know of a ticket. Instants are milliseconds since the epoch. */
export type StatusAnswer =
  /** `keptAt`: the object that holds the complete ticket, when its destination shows only a part. */
  | {
      readonly kind: 'delivered'
      readonly id: string
      readonly at?: number
      readonly receipt?: Receipt
      readonly keptAt?: string
    }
  | { readonly kind: 'dead'; readonly id: string; readonly reason: string; readonly mayBeDelivered: boolean }
  | { readonly kind: 'retrying'; readonly id: string; readonly reason: string; readonly nextAt?: number }
  /** The first attempt is running, or will run soon. */
  | { readonly kind: 'delivering'; readonly id: string }
  /** Not delivered yet, or never accepted; also the answer for another team's ticket. */
  | { readonly kind: 'no-record'; readonly id: string }
  /** The ledger could not be read. */
  | { readonly kind: 'unavailable'; readonly id: string }

/** Of several records under one id, those that still need work come first: a "delivered" must not hide them. */
const BY_NEED: readonly LedgerRecord['state'][] = ['dead', 'waiting', 'claimed', 'delivered']

/**
 * Chooses one record from those of all lanes: one that still needs work, else the last delivery. A ticket whose priority
 * changed has a record in each lane that it came to. One that was dead, and arrived elsewhere since, is where it arrived.
 */
export function chooseRecord(stored: readonly Stored<LedgerRecord>[]): Stored<LedgerRecord> {
  const found = stored.filter((one) => one.kind === 'found')
  const arrivedAt = Math.max(...found.map(({ item }) => item.deliveredAt ?? 0))
  const isOver = ({ item }: (typeof found)[number]): boolean =>
    item.state === 'dead' && item.diedAt !== undefined && item.diedAt < arrivedAt
  const [first] = found.filter((one) => !isOver(one)).toSorted((a, b) => orderOf(a.item, b.item))
  return first ?? stored.find((one) => one.kind === 'unavailable') ?? { kind: 'absent' }
}

function orderOf(one: LedgerRecord, other: LedgerRecord): number {
  const byNeed = BY_NEED.indexOf(one.state) - BY_NEED.indexOf(other.state)
  return byNeed || (other.deliveredAt ?? 0) - (one.deliveredAt ?? 0)
}

/**
 * Answers `status T-…` from the ledger. Only the team that a ticket came from sees it: for any other team the answer is
 * the same as without a record.
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
      // Given up: it waits for its dead letter, not for another attempt.
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
