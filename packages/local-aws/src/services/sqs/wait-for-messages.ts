import { optionalNumberOf } from '../../sql.ts'
import { findQueueByName } from './queue-record.ts'
import { hasVisible } from './take-messages.ts'
import type { SqsContext } from './sqs-context.ts'

export interface Waiting<T> {
  readonly queueId: number
  readonly milliseconds: number
  /** Nobody waits any more: nothing may be taken for them. */
  readonly signal: AbortSignal
  readonly take: () => readonly T[]
}

/** A long poll: takes as soon as there is something, woken by sends and by messages that become visible. */
export async function waitForMessages<T>(context: SqsContext, waiting: Waiting<T>): Promise<readonly T[]> {
  const { clock } = context
  const { queueId, signal } = waiting
  const end = clock.now() + waiting.milliseconds
  for (;;) {
    if (signal.aborted) return []
    const taken = waiting.take()
    const now = clock.now()
    if (taken.length > 0 || now >= end) return taken
    const visible = nextVisible(context, queueId, now)
    // With nothing hidden in the queue, time alone brings nothing.
    const timer = { ms: Math.min(end, visible ?? end) - now, isIdle: visible === undefined }
    await waitForChange(context, { queueId, signal, timer })
  }
}

/** A queue's name, and where it is. */
export interface QueuePlace {
  readonly region: string
  readonly name: string
}

/** As long as a poller's long poll. */
const LOOK_AGAIN_MS = 20_000

/** Waits, for however long, until a queue has something to receive, or is not there; on `gone` it ends, too. */
export async function waitUntilVisible(
  context: SqsContext,
  { region, name }: QueuePlace,
  signal: AbortSignal,
): Promise<void> {
  const { sql, clock } = context
  // Where nobody tells of a wall clock that was set, a message may be due before its timer.
  const longest = clock.onJump ? Number.POSITIVE_INFINITY : LOOK_AGAIN_MS
  while (!signal.aborted) {
    const queueId = findQueueByName(sql, region, name)?.id
    const now = clock.now()
    if (queueId === undefined || hasVisible(sql, queueId, now)) return
    const visible = nextVisible(context, queueId, now)
    const timer = visible === undefined ? undefined : { ms: Math.min(visible - now, longest), isIdle: false }
    await waitForChange(context, { queueId, signal, timer })
  }
}

/** When the first of those that are hidden now becomes visible. */
function nextVisible({ sql }: SqsContext, queueId: number, now: number): number | undefined {
  const statement = 'SELECT MIN(visible_at) AS next FROM sqs_messages WHERE queue_id = ? AND visible_at > ?'
  const row = sql.one(statement, queueId, now)
  return row && optionalNumberOf(row, 'next')
}

interface ChangeWait {
  readonly queueId: number
  readonly signal: AbortSignal
  readonly timer: { readonly ms: number; readonly isIdle: boolean } | undefined
}

function waitForChange({ clock, messageSignal }: SqsContext, { queueId, signal, timer }: ChangeWait): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel?.()
      unhook()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = timer && clock.after(timer.ms, wake, timer.isIdle ? 'idle' : undefined)
    const unhook = messageSignal.onNotify(queueId, wake)
    signal.addEventListener('abort', wake, { once: true })
  })
}
