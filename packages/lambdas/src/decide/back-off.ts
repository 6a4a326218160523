/** Back-off after a failed attempt: doubling from 20 s to 15 min, half of it jittered. */
const SHORTEST_MS = 20_000
const LONGEST_MS = 15 * 60_000
/** A vendor that asks for more than an hour gets an hour: the ticket's age decides when to give up, not the vendor. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000
/** A call's late effect must have had time to show before the next function looks for it. */
export const LOOK_NO_EARLIER_MS = 60_000

export interface Wait {
  /** Failed attempts in this life so far, this one included. */
  readonly failures: number
  /** What the vendor asked for, milliseconds. */
  readonly after?: number | undefined
  /** The outcome of the call is not known. */
  readonly unknown: boolean
  /** 0 to 1. */
  readonly jitter: number
}

/** How long a ticket waits after a failed attempt, milliseconds ("equal jitter": half fixed, half drawn). */
export function backOff({ failures, after, unknown, jitter }: Wait): number {
  const full = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures - 1, 20))
  const drawn = full / 2 + (full / 2) * jitter
  const wait = after === undefined ? drawn : Math.min(LONGEST_RETRY_AFTER_MS, after + 1000 * jitter)
  return Math.round(unknown ? Math.max(LOOK_NO_EARLIER_MS, wait) : wait)
}
