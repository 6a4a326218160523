import { setImmediate } from 'node:timers'
import type { Clock } from './clock.ts'
import { forward, milliseconds, type Duration } from './duration.ts'
import { systemClock } from './system-clock.ts'

/**
 * A clock that moves only when a test moves it. All work on it must be in this process, without sockets. Functions
 * that move it reject with a TypeError for an invalid {@link Duration}, and with a RangeError for a negative one.
 */
export interface VirtualClock extends Clock {
  /** Advances by this duration and fires due timers in order; after each it waits until all work is done. */
  advance(duration: Duration): Promise<void>
  /** Advances to the next timer and fires it; false if there is none. */
  advanceToNext(): Promise<boolean>
  /** Advances from timer to timer until `isDone` or until `limit` has passed; returns whether it was done. */
  advanceUntil(isDone: () => boolean, limit: Duration): Promise<boolean>
  /**
   * Advances from timer to timer until only timers marked `idle` are left: no work is pending. Rejects with {@link
   * NeverQuiet} if that takes longer than `limit`. @default 30d
   */
  runUntilQuiet(limit?: Duration): Promise<void>
  /**
   * Advances as long as `work` waits for time, and returns its value. Rejects with {@link NeverQuiet} if timers
   * cannot complete it: if only idle timers fired for a minute.
   */
  runUntilSettled<Value>(work: Promise<Value>): Promise<Value>
  /** Waits until all work of the current time is done. */
  settle(): Promise<void>
  /**
   * Sets the wall clock forward (or back, if negative); timers are not affected. Throws a TypeError for an invalid
   * {@link Duration}.
   */
  jump(duration: Duration): void
  /** Number of waiting timers. */
  readonly pending: number
  /** Milliseconds since its creation, without jumps. */
  readonly elapsed: number
}

/** Work took longer than its limit: it may never end. */
export class NeverQuiet extends Error {
  override readonly name = 'NeverQuiet'
}

/** After so many event loop turns without a use of the clock, all work is done. Streams need a few, promises none. */
const QUIET_TURNS = 6

const REAL_PAUSE_MS = 10
/**
 * Longer than any long poll and than a queue's policy takes to be in force: work may wait for one to end, but a poller
 * would start the next without end.
 */
const IDLE_PATIENCE_MS = 120_000

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
  readonly isIdle: boolean
}

export interface VirtualClockOptions {
  /**
   * The real time, in milliseconds, for awaited work that waits for the machine itself (a module to load, a file).
   * @default 2000
   */
  readonly realPatienceMs?: number
}

/** Creates a virtual clock. @param start Milliseconds since the epoch. */
export function createVirtualClock(start: number, { realPatienceMs = 2_000 }: VirtualClockOptions = {}): VirtualClock {
  let time = start
  let jumped = 0
  let made = 0
  /** Counts uses of the clock: work uses it. */
  let touched = 0
  const timers = new Set<Timer>()
  const jumpWatchers: (() => void)[] = []
  /** Moves of the clock run one after the other. */
  let moving: Promise<unknown> = Promise.resolve()

  const next = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
  const settle = async (): Promise<void> => {
    for (let quiet = 0, seen = touched; quiet < QUIET_TURNS; quiet += 1) {
      await nextTurn()
      if (seen !== touched || readsFiles()) quiet = 0
      seen = touched
    }
  }
  const fire = async (timer: Timer): Promise<void> => {
    timers.delete(timer)
    time = Math.max(time, timer.at)
    timer.run()
    await settle()
  }
  const alone = <Value>(move: () => Promise<Value>): Promise<Value> => {
    const moved = moving.then(move)
    moving = moved.catch(() => undefined)
    return moved
  }
  /** Timers that are not idle. */
  const busy = (): Timer[] => [...timers].filter((timer) => !timer.isIdle)
  const isQuiet = (): boolean => busy().length === 0
  /** Fires one timer after the other until it is done, or the next comes only after `until`. */
  const run = async (isDone: () => boolean, until: number): Promise<'done' | 'late' | 'nothing-left'> => {
    await settle()
    while (!isDone()) {
      const timer = next()
      if (!timer) return 'nothing-left'
      if (timer.at > until) return 'late'
      await fire(timer)
    }
    return 'done'
  }
  const advanceUntil: VirtualClock['advanceUntil'] = (isDone, limit) =>
    alone(async () => {
      const until = time + forward(limit)
      const ended = await run(isDone, until)
      if (ended !== 'done') time = until
      return ended === 'done' || isDone()
    })

  return {
    now() {
      touched += 1
      return time + jumped
    },
    monotonic() {
      touched += 1
      return time - start
    },
    after(ms, run, mark) {
      // NaN is neither before nor after another time: it would never be due, and hide timers that are.
      if (Number.isNaN(ms)) throw new TypeError('not a delay: NaN; expected milliseconds')
      touched += 1
      made += 1
      const timer = { at: time + Math.max(0, ms), order: made, run, isIdle: mark === 'idle' }
      timers.add(timer)
      return () => {
        touched += 1
        timers.delete(timer)
      }
    },
    settle,
    advanceUntil,
    async advance(duration) {
      await advanceUntil(() => false, duration)
    },
    advanceToNext: () =>
      alone(async () => {
        await settle()
        const timer = next()
        if (timer) await fire(timer)
        return timer !== undefined
      }),
    runUntilQuiet: (limit = '30d') =>
      alone(async () => {
        const ended = await run(isQuiet, time + forward(limit))
        if (ended === 'late') throw new NeverQuiet(describeBusy({ limit, time, busy: busy() }))
      }),
    runUntilSettled(work) {
      let isSettled = false
      const settled = (): void => void (isSettled = true)
      // Attached at once: `work` may reject while another move of the clock runs.
      work.then(settled, settled)
      return alone(async () => {
        for (let waited = 0; waited < realPatienceMs; waited += REAL_PAUSE_MS) {
          await run(() => isSettled || isQuiet(), Number.POSITIVE_INFINITY)
          if (isSettled) return work
          await realPause()
        }
        let busyAt = time
        const isOver = (): boolean => {
          if (!isQuiet()) busyAt = time
          return isSettled || time - busyAt > IDLE_PATIENCE_MS
        }
        await run(isOver, Number.POSITIVE_INFINITY)
        if (!isSettled)
          throw new NeverQuiet('what is awaited waits for something that no timer brings: it would never end')
        return work
      })
    },
    jump(duration) {
      touched += 1
      jumped += milliseconds(duration)
      for (const watch of jumpWatchers) watch()
    },
    onJump: (watch) => void jumpWatchers.push(watch),
    get elapsed() {
      return time - start
    },
    get pending() {
      return timers.size
    },
  }
}

function realPause(): Promise<void> {
  return new Promise((resolve) => void systemClock.after(REAL_PAUSE_MS, resolve))
}

function describeBusy(about: {
  readonly limit: Duration
  readonly time: number
  readonly busy: readonly Timer[]
}): string {
  const { limit, time, busy } = about
  const waits = busy.length === 1 ? '1 timer waits' : `${busy.length} timers wait`
  const next = Math.min(...busy.map(({ at }) => at)) - time
  return (
    `after ${limit} of virtual time work still goes on: ${waits}, the next comes due in ${next} ms. ` +
    'Something is tried again and again, or keeps time for ever; give it longer, or mark idle waits as idle.'
  )
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Threads read files, outside the event loop's turns: the AWS SDK reads its configuration once. */
function readsFiles(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq') || resource === 'CloseReq')
}
