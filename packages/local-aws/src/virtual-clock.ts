import { setImmediate } from 'node:timers'
import type { Clock } from './clock.ts'
import { forward, milliseconds, type Duration } from './duration.ts'
import { systemClock } from './system-clock.ts'

/**
 * A clock that stands still until it is told to move. All work around it must be in this process, without sockets.
 * Whatever moves it rejects with a TypeError for what is no {@link Duration}, with a RangeError for one below 0.
 */
export interface VirtualClock extends Clock {
  /** Moves on by this much, firing all that comes due, in order; each time waits until nothing goes on any more. */
  advance(duration: Duration): Promise<void>
  /** Moves to the next timer and fires it; false when there is none. */
  advanceToNext(): Promise<boolean>
  /** Moves from timer to timer until `isDone` or until `limit` has passed; says whether it was done. */
  advanceUntil(isDone: () => boolean, limit: Duration): Promise<boolean>
  /**
   * Moves from timer to timer until none waits but those marked `idle`: nothing is under way any more, and nothing will
   * be. Rejects with {@link NeverQuiet} if that takes longer than `limit`. @default 30d
   */
  runUntilQuiet(limit?: Duration): Promise<void>
  /**
   * Lets time pass only as long as `work` waits for it, and gives its value. Rejects with {@link NeverQuiet} if no timer
   * brings it to its end: when for a minute only idle waits have ended.
   */
  runUntilSettled<Value>(work: Promise<Value>): Promise<Value>
  /** Waits until nothing goes on at this instant. */
  settle(): Promise<void>
  /**
   * The wall clock is put forward (or back, if negative) at once; timers come no earlier and no later for it. Throws a
   * TypeError for what is no {@link Duration}.
   */
  jump(duration: Duration): void
  /** Timers that wait. */
  readonly pending: number
  /** Milliseconds since it was made, as timers see them: jumps do not count. */
  readonly elapsed: number
}

/** Work went on for longer than it was given: it may go on for ever. */
export class NeverQuiet extends Error {
  override readonly name = 'NeverQuiet'
}

/** Turns of the event loop in which nobody touched the clock: then nothing goes on. Promises need none, streams a few. */
const QUIET_TURNS = 6

const REAL_PAUSE_MS = 10
/** Longer than any long poll lasts. What waits for one to end is waited for; a poller may begin the next at once, for ever. */
const IDLE_PATIENCE_MS = 60_000

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
  readonly isIdle: boolean
}

export interface VirtualClockOptions {
  /**
   * How much real time awaited work is given that waits for the machine itself (a module that is loaded, a file), in
   * milliseconds. @default 2000
   */
  readonly realPatienceMs?: number
}

/** Makes a virtual clock. @param start Milliseconds since the epoch. */
export function createVirtualClock(start: number, { realPatienceMs = 2_000 }: VirtualClockOptions = {}): VirtualClock {
  let time = start
  let jumped = 0
  let made = 0
  /** Every look at the clock counts: whoever works, looks. */
  let touched = 0
  const timers = new Set<Timer>()
  const jumpWatchers: (() => void)[] = []
  /** Whoever moves the clock waits for who does so already. */
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
  /** Timers that somebody waits for; what else waits brings nothing. */
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
      // It would never come due, and hide those that do: nothing is before or after it.
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
      // At once: it may fail while somebody else moves the clock, and nobody would have listened.
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

/** Files are read, and closed, by threads, outside the event loop's turns: the AWS SDK looks for its settings there once. */
function readsFiles(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq') || resource === 'CloseReq')
}
