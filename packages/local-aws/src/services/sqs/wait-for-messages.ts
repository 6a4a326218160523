import { optionalNumberOf } from '../../sql.ts'
import { findQueueByName } from './queue-record.ts'
import { hasVisible } from './take-messages.ts'
import type { SqsContext } from './sqs-context.ts'

export interface Waiting<T> {
  readonly queueId: number
  readonly milliseconds: number
  /** Aborted when the client disconnects: then no message may be taken. */
  readonly signal: AbortSignal
  readonly take: () => readonly T[]
}

/** A long poll: takes messages as soon as there are some, after a send or when one becomes visible. */
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
    // Without hidden messages, passing time alone changes nothing.
    const timer = { ms: Math.min(end, visible ?? end) - now, isIdle: visible === undefined }
    await waitForChange(context, { queueId, signal, timer })
  }
}

/** A queue's region and name. */
export interface QueuePlace {
  readonly region: string
  readonly name: string
}

/** As long as a poller's long poll. */
const LOOK_AGAIN_MS = 20_000

/** Waits without limit until a queue has a visible message or does not exist, or until `signal`. */
export async function waitUntilVisible(
  context: SqsContext,
  { region, name }: QueuePlace,
  signal: AbortSignal,
): Promise<void> {
  const { sql, clock } = context
  // A clock without `onJump` does not report changes of the wall clock: a message may be due before its timer.
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

/** When the next hidden message becomes visible. */
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
