import { setTimeout as sleep } from 'node:timers/promises'
import { createFaults, type Fault, type Vendors } from '@ticketing/testbed'
import type { Random } from './random.ts'

export interface RunningFaults {
  /** No more faults; effects that are still to come are not taken back. */
  stop(): Promise<void>
}

/** How late an effect comes at the latest: later than the look of a suspect, which is the one way to a second card. */
export const LATEST_EFFECT_MS = 150_000

/** The vendors and their callbacks fail every `every` seconds on average, in every way that has a name, until it is stopped. */
export function startFaults(
  { trello, slack, workflows }: Pick<Vendors, 'trello' | 'slack' | 'workflows'>,
  random: Random,
  every: number,
): RunningFaults {
  const faults = createFaults()
  const takeAway = [trello, slack, workflows].map((simulator) => simulator.intercept(faults.interceptor))
  const stopping = new AbortController()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(1000 * random.wait(every), undefined, { signal: stopping.signal }).catch(() => {})
      if (!stopping.signal.aborted) faults.add(drawFault(random))
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
      for (const remove of takeAway) remove()
    },
  }
}

function drawFault(random: Random): Fault {
  const at = random.weighted({
    'trello.createCard': 6,
    'trello.listCards': 2,
    'trello.listLists': 1,
    'trello.getCard': 1,
    'trello.updateCard': 3,
    'trello.addComment': 3,
    'trello.listActions': 2,
    'slack.postMessage': 3,
    'workflows.postCard': 1,
    callback: 4,
  })
  if (at === 'callback') return drawCallbackFault(random)
  const times = random.pick([1, 1, 2, 3])
  const when = random.pick(['before', 'after'])
  // A call without an answer holds an execution for half a minute: rare, or it would hide the other faults.
  const kind = random.weighted({
    '429': 6,
    '5xx': 8,
    '4xx': 2,
    reset: 6,
    slow: 4,
    'half-answer': 3,
    'timeout-before-effect': 1,
    'timeout-after-effect': 2,
    'timeout-late-effect': 2,
  })
  switch (kind) {
    case '429':
      return { at, times, kind, ...(random.chance(0.5) && { retryAfter: random.pick([1, 5, 'none']) }) }
    case '5xx':
      return { at, times, kind, when, status: random.pick([500, 502, 503, 504]) }
    case '4xx':
      return { at, times: 1, kind, status: 400, body: 'invalid value, says a fault' }
    case 'reset':
      return { at, times, kind, when }
    case 'slow':
      // What is right goes by when a look was answered: a look that was made earlier would mislead it.
      return {
        at,
        times,
        kind,
        when: at === 'trello.listCards' || at === 'trello.listActions' ? 'before' : when,
        ms: Math.round(random.between(500, 8000)),
      }
    case 'half-answer':
      return { at, times, kind }
    case 'timeout-before-effect':
    case 'timeout-after-effect':
      return { at, times: 1, kind }
    case 'timeout-late-effect':
      // A look for a note, and the next state of a card, wait for no later effect than that.
      return {
        at,
        times: 1,
        kind,
        ms: at === 'trello.createCard' ? drawLateness(random) : Math.round(random.between(1000, 20_000)),
      }
  }
}

/** What becomes of a callback on its way to us. */
function drawCallbackFault(random: Random): Fault {
  const at = random.pick(['callback.trello', 'callback.trello', 'callback.slack'])
  const kind = random.pick(['lost', 'duplicate', 'delayed', 'reordered', '5xx', 'reset', 'half-answer'])
  const when = random.pick(['before', 'after'])
  switch (kind) {
    case 'delayed':
      return { at, times: 1, kind, ms: Math.round(random.between(1000, 90_000)) }
    case '5xx':
    case 'reset':
      return { at, times: 2, kind, when }
    default:
      return { at, times: 1, kind }
  }
}

/** Mostly before the next check, sometimes after it. */
function drawLateness(random: Random): number {
  return Math.round(random.chance(0.6) ? random.between(1000, 20_000) : random.between(60_000, LATEST_EFFECT_MS))
}
