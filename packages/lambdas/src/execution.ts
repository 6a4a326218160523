import type { Clock } from 'ticket-core'

/** One invocation: who it is, and when the function is ended (of `Clock.monotonic`). */
export interface Execution {
  readonly id: string
  readonly deadline: number
}

/** A message received more often than this, unopened, may be what kills the function: it is opened last. */
export const MAY_KILL_ABOVE = 10

/** A vendor's call ends so long before the function does, so that its outcome can still be written. */
const TO_WRITE_MS = 5_000
/** A claim ends this long after its function. So when it ends, the function is certainly no longer working. */
const CLAIM_BEYOND_MS = 5_000
/** A call with less time than this is not begun: it would only end as "unknown". */
const SHORTEST_CALL_MS = 4_000

/** Time kept for the answer to Lambda. Without an answer the whole batch comes back, also what was delivered. */
const TO_ANSWER_MS = 1_500

/** As long as one message's postponing may take. */
const TO_POSTPONE_MS = 3_000

/** Whether a message can still be hidden; one that is not stays hidden as long as its queue says, 180 s. */
export function hasTimeToPostpone(now: number, execution: Execution): boolean {
  return now + TO_POSTPONE_MS <= answersBy(execution)
}

/** When everything that can wait must have ended, for the answer to go out in time. */
export function answersBy(execution: Execution): number {
  return execution.deadline - TO_ANSWER_MS
}

/** When the last vendor call of this invocation must have ended. */
export function callsEnd(execution: Execution): number {
  return execution.deadline - TO_WRITE_MS
}

/** When a claim that this invocation takes ends by itself: an instant, since other machines read it. */
export function claimsEnd(execution: Execution, clock: Clock): number {
  return clock.now() + (execution.deadline - clock.monotonic()) + CLAIM_BEYOND_MS
}

/** Whether there is time for one more call, and for `reserve` more after it. */
export function hasTimeForCall(now: number, execution: Execution, reserve: number): boolean {
  return callsEnd(execution) - now >= SHORTEST_CALL_MS * (1 + reserve)
}
