import type { LedgerRecord } from 'ticket-core'

/** A record that waits for its next attempt; each test changes the one thing that it is about. */
export function buildRecord(change: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    v: 1,
    id: 'T-7QK2M-9XD4R',
    source: 'digest',
    digest: 'words',
    life: 0,
    state: 'waiting',
    nonce: 'n',
    crashes: 0,
    firstClaimAt: 900_000,
    attempts: { count: 0, last: [] },
    ...change,
  }
}

/** A record that another function has claimed. */
export function buildClaimed(until: number, change: Partial<LedgerRecord> = {}): LedgerRecord {
  return buildRecord({ state: 'claimed', claim: { by: 'other', until }, ...change })
}
