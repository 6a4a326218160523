import type { Clock } from 'ticket-core'
import { type OutgoingMessage, MAX_BYTES } from './message.ts'
import { type Entry, type Sent, giveUp, applyAnswer } from './outbox-entry.ts'
import type { SendBatch } from './send-batch.ts'

/** Sends messages to one queue, sharing calls. */
export interface Outbox {
  /** Settles with this message's own outcome, after `timeoutMs` at the latest. */
  send(message: OutgoingMessage): Promise<Sent>
  /** Waits until every message has its outcome and no call is out. */
  drain(): Promise<void>
}

export interface OutboxOptions {
  readonly sendBatch: SendBatch
  readonly clock: Clock
  /** Milliseconds that a caller waits at most. */
  readonly timeoutMs: number
  /** Calls out at the same time. @default 32 */
  readonly maxCalls?: number
  /** Called after each call: how many messages, how many of them accepted, seconds. */
  readonly onCall?: (call: { readonly size: number; readonly accepted: number; readonly seconds: number }) => void
}

const MAX_ENTRIES = 10
/** A partial batch waits for the call that is out, but no longer than this: that call may hang. Milliseconds. */
const LONGEST_LINGER = 25

/**
 * Sends a single message immediately when idle, and ten messages immediately; a partial batch waits only while a call
 * is running. That makes the fewest calls without a wait when idle.
 */
export function createOutbox({ sendBatch, clock, timeoutMs, maxCalls = 32, onCall }: OutboxOptions): Outbox {
  const waiting: Entry[] = []
  const drained: (() => void)[] = []
  let calls = 0
  let open = 0
  let cancelLinger: (() => void) | undefined

  function pump(): void {
    while (isDue()) launch()
    if (waiting.length > 0 && calls < maxCalls) cancelLinger ??= clock.after(LONGEST_LINGER, flush)
    else stopLingering()
    if (open === 0 && calls === 0) for (const resolve of drained.splice(0)) resolve()
  }

  function isDue(): boolean {
    return calls < maxCalls && (isFull(waiting) || (calls === 0 && waiting.length > 0))
  }

  function flush(): void {
    stopLingering()
    if (waiting.length > 0 && calls < maxCalls) launch()
    pump()
  }

  function stopLingering(): void {
    cancelLinger?.()
    cancelLinger = undefined
  }

  function launch(): void {
    const { ready = [], expired = [] } = Object.groupBy(take(waiting), ({ deadline }) =>
      deadline > clock.monotonic() ? 'ready' : 'expired',
    )
    // Its timer fires at this instant: it must not be counted as sent.
    for (const entry of expired) giveUp(entry)
    if (ready.length > 0) void call(ready)
  }

  async function call(entries: readonly Entry[]): Promise<void> {
    calls += 1
    for (const entry of entries) entry.calling = true
    const startedAt = clock.monotonic()
    const messages = entries.map(({ message }) => message)
    const answers = await sendBatch(messages, Math.max(...entries.map(({ deadline }) => deadline)))
    calls -= 1
    for (const entry of entries) entry.calling = false
    const accepted = answers.filter(({ kind }) => kind === 'accepted').length
    onCall?.({ size: entries.length, accepted, seconds: (clock.monotonic() - startedAt) / 1000 })
    // One bad entry can make SQS refuse the whole call: then each entry is sent alone.
    if (entries.length > 1 && answers.every(({ kind }) => kind === 'refused'))
      for (const entry of entries) if (!entry.settled) void call([entry])
    for (const [index, entry] of entries.entries())
      if (!entry.calling && !entry.settled) conclude(entry, answers[index] ?? { kind: 'unclear', name: 'NoAnswer' })
    pump()
  }

  function conclude(entry: Entry, answer: Parameters<typeof applyAnswer>[1]): void {
    const pause = applyAnswer(entry, answer, clock.monotonic())
    if (pause === undefined) return
    clock.after(pause, () => {
      if (entry.settled) return
      waiting.push(entry)
      pump()
    })
  }

  return {
    send: (message) =>
      new Promise((resolve) => {
        open += 1
        const deadline = clock.monotonic() + timeoutMs
        const cancelTimer = clock.after(timeoutMs, () => {
          const index = waiting.indexOf(entry)
          if (index !== -1) waiting.splice(index, 1)
          giveUp(entry)
          pump()
        })
        const entry: Entry = {
          message,
          deadline,
          calling: false,
          settled: false,
          unclear: false,
          tries: 0,
          failure: 'no call was free in time',
          settle: (sent) => {
            entry.settled = true
            open -= 1
            cancelTimer()
            resolve(sent)
          },
        }
        waiting.push(entry)
        pump()
      }),
    drain: () =>
      new Promise((resolve) => {
        drained.push(resolve)
        pump()
      }),
  }
}

function isFull(waiting: readonly Entry[]): boolean {
  return waiting.length >= MAX_ENTRIES || waiting.reduce((bytes, { message }) => bytes + message.bytes, 0) >= MAX_BYTES
}

/** Takes the next batch off the line: ten entries and one mebibyte at most, one entry at least. */
function take(waiting: Entry[]): Entry[] {
  let count = 0
  let bytes = 0
  for (const { message } of waiting) {
    if (count > 0 && (count >= MAX_ENTRIES || bytes + message.bytes > MAX_BYTES)) break
    count += 1
    bytes += message.bytes
  }
  return waiting.splice(0, count)
}
