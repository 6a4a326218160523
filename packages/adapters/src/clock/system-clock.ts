import type { Clock } from 'ticket-core'

/** Node's longest timer; a longer one would fire immediately. */
const LONGEST_TIMER = 2_147_483_647

/** The machine's own time: the one place of this package that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => {
    const due = performance.now() + ms
    let timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST_TIMER))
    function wake(): void {
      const left = due - performance.now()
      if (ms <= LONGEST_TIMER || left <= 0) run()
      else timer = setTimeout(wake, Math.min(left, LONGEST_TIMER))
    }
    return () => {
      clearTimeout(timer)
    }
  },
}
