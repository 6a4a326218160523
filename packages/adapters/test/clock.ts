import { type VirtualClock, createVirtualClock } from '@ticketing/local-aws'

export type { VirtualClock }

/** 2026-11-23T14:03:22.000Z */
export const START = 1_795_442_602_000

/** A clock that stands still until a test moves it. Its monotonic time begins at 0. */
export function startClock(start: number = START): VirtualClock {
  return createVirtualClock(start)
}
