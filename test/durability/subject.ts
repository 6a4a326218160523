import type { Clients } from './cloud-process.ts'

/** One kind of thing that the cloud acknowledges, what was acknowledged so far, and whether it still holds. */
export interface Subject {
  /** Makes the queues, the bucket and so on, once. */
  setUp(clients: Clients): Promise<void>
  /** What a worker of the burst may do; rejects when it was not answered. Worker 3 has chains of its own. */
  readonly steps: Readonly<Record<string, (clients: Clients, worker: number) => Promise<void>>>
  /** After a restart: what is there must be what was acknowledged. `all`: from the first round on, not only since the last check. */
  check(clients: Clients, range: 'new' | 'all'): Promise<void>
  readonly tallies: readonly Tally[]
}

/** Counts of one kind of acknowledgement. */
export interface Tally {
  readonly what: string
  acknowledged: number
  /** Acknowledged and not there, or undone. */
  readonly lost: string[]
  /** Acknowledged once and there twice, or there though it was never sent. */
  readonly doubled: string[]
}

export function startTally(what: string): Tally {
  return { what, acknowledged: 0, lost: [], doubled: [] }
}
