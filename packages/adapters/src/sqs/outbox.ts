import type { Clock, Enqueued } from 'ticket-core'
import type { OutgoingMessage } from './message.ts'
import { MAX_BYTES } from './message.ts'
import type { EntryAnswer, SendBatch } from './send-batch.ts'

/** Sends messages to one queue, sharing calls. */
export interface Outbox {
  /** Settles with this message's own outcome, `timeoutMs` later at most. */
  send(message: OutgoingMessage): Promise<Exclude<Enqueued, { readonly kind: 'too-large' }>>
  /** Waits until nothing waits and no call is out. */
  drain(): Promise<void>
}

export interface OutboxOptions {
  readonly sendBatch: SendBatch
  readonly clock: Clock
  /** Milliseconds that a caller waits at most. */
  readonly timeoutMs: number
  /** Calls out at the same time. @default 32 */
  readonly maxCalls?: number
  /** Told after each call: how many messages, how many of them accepted, seconds. */
  readonly onCall?: (call: { readonly size: number; readonly accepted: number; readonly seconds: number }) => void
}

type Outcome = Exclude<Enqueued, { readonly kind: 'too-large' }>

interface Entry {
  readonly message: OutgoingMessage
  readonly deadline: number
  /** Set once the caller has its outcome; whatever comes later no longer counts. */
  settled: boolean
  /** A call that held it has not been answered, or not clearly. */
  unclear: boolean
  /** In a call right now. */
  calling: boolean
  tries: number
  reason: string
  readonly settle: (outcome: Outcome) => void
}

const MAX_ENTRIES = 10
/** A partial batch waits for the call that is out, but no longer than this: that call may hang. Milliseconds. */
const LONGEST_LINGER = 25
const FIRST_BACK_OFF = 100
/** Less time than this is not enough for another call. Milliseconds. */
const SHORTEST_CALL = 200

/**
 * Batches by the policy "full": a lone message leaves at once, ten leave at once, a partial batch waits only while a
 * call is out. That keeps the fewest calls without adding a wait.
 */
export function createOutbox({ sendBatch, clock, timeoutMs, maxCalls = 32, onCall }: OutboxOptions): Outbox {
  const waiting: Entry[] = []
  const drained: (() => void)[] = []
  let calls = 0
  let open = 0
  let cancelLinger: (() => void) | undefined

  function pump(flushPartial: boolean): void {
    while (waiting.length > 0 && calls < maxCalls && (flushPartial || calls === 0 || isFull(waiting)))
      void call(take(waiting))
    if (waiting.length === 0) {
      cancelLinger?.()
      cancelLinger = undefined
    } else if (calls < maxCalls) {
      cancelLinger ??= clock.after(LONGEST_LINGER, () => {
        cancelLinger = undefined
        pump(true)
      })
    }
  }

  async function call(entries: readonly Entry[]): Promise<void> {
    calls += 1
    for (const entry of entries) entry.calling = true
    const startedAt = clock.now()
    const deadline = Math.max(...entries.map((entry) => entry.deadline))
    const answers = await sendBatch(
      entries.map(({ message }) => message),
      deadline,
    )
    calls -= 1
    const accepted = answers.filter(({ kind }) => kind === 'accepted').length
    onCall?.({ size: entries.length, accepted, seconds: (clock.now() - startedAt) / 1000 })
    for (const entry of entries) entry.calling = false
    // What was refused together may be one entry's fault: each is judged alone.
    if (entries.length > 1 && answers.every(({ kind }) => kind === 'refused'))
      for (const entry of entries) void call([entry])
    else
      for (const [index, entry] of entries.entries())
        handle(entry, answers[index] ?? { kind: 'unclear', name: 'EntryNotAnswered' })
    pump(false)
    release()
  }

  function handle(entry: Entry, answer: EntryAnswer): void {
    if (entry.settled) return
    if (answer.kind === 'accepted') {
      entry.settle({ kind: 'accepted' })
      return
    }
    entry.unclear ||= answer.kind === 'unclear'
    entry.reason = answer.name
    const pause = FIRST_BACK_OFF * 2 ** entry.tries
    entry.tries += 1
    if (answer.kind === 'refused' || clock.now() + pause + SHORTEST_CALL > entry.deadline) {
      entry.settle(giveUp(entry))
      return
    }
    clock.after(pause, () => {
      if (entry.settled) return
      waiting.push(entry)
      pump(false)
    })
  }

  function release(): void {
    if (open > 0 || calls > 0) return
    for (const resolve of drained.splice(0)) resolve()
  }

  return {
    send: (message) =>
      new Promise((resolve) => {
        open += 1
        const cancelTimer = clock.after(timeoutMs, () => {
          const index = waiting.indexOf(entry)
          if (index !== -1) waiting.splice(index, 1)
          entry.settle(giveUp(entry))
        })
        const entry: Entry = {
          message,
          deadline: clock.now() + timeoutMs,
          settled: false,
          unclear: false,
          calling: false,
          tries: 0,
          reason: 'all calls are waiting for SQS',
          settle: (outcome) => {
            if (entry.settled) return
            entry.settled = true
            cancelTimer()
            open -= 1
            resolve(outcome)
            release()
          },
        }
        waiting.push(entry)
        pump(false)
      }),
    drain: () =>
      new Promise((resolve) => {
        drained.push(resolve)
        release()
      }),
  }
}

function giveUp(entry: Entry): Outcome {
  if (entry.calling) return { kind: 'unknown', reason: 'SQS did not answer in time.' }
  if (entry.unclear) return { kind: 'unknown', reason: `SQS did not answer clearly: ${entry.reason}.` }
  return { kind: 'refused', reason: `Not queued: ${entry.reason}.` }
}

function isFull(waiting: readonly Entry[]): boolean {
  if (waiting.length >= MAX_ENTRIES) return true
  let bytes = 0
  for (const { message } of waiting) bytes += message.bytes
  return bytes >= MAX_BYTES
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
