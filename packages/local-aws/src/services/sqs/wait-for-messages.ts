import { optionalNumberOf } from '../../sql.ts'
import type { SqsContext } from './sqs-context.ts'

export interface Waiting<T> {
  readonly queueId: number
  readonly milliseconds: number
  /** Nobody waits any more: nothing may be taken for them. */
  readonly gone: AbortSignal
  readonly take: () => readonly T[]
}

/** A long poll: takes as soon as there is something, woken by sends and by messages that become visible. */
export async function waitForMessages<T>(context: SqsContext, waiting: Waiting<T>): Promise<readonly T[]> {
  const end = context.clock.now() + waiting.milliseconds
  for (;;) {
    if (waiting.gone.aborted) return []
    const taken = waiting.take()
    if (taken.length > 0 || context.clock.now() >= end) return taken
    await nextChance(context, waiting, end)
  }
}

function nextChance({ sql, clock, bell }: SqsContext, { queueId, gone }: Waiting<unknown>, end: number): Promise<void> {
  const now = clock.now()
  const row = sql.one(
    'SELECT MIN(visible_at) AS next FROM sqs_messages WHERE queue_id = ? AND visible_at > ?',
    queueId,
    now,
  )
  const visible = row && optionalNumberOf(row, 'next')
  const next = Math.min(end, visible ?? end)
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel()
      unhook()
      gone.removeEventListener('abort', wake)
      resolve()
    }
    // With nothing hidden in the queue, time alone brings nothing.
    const cancel = clock.after(next - now, wake, visible === undefined ? 'idle' : undefined)
    const unhook = bell.onRing(queueId, wake)
    gone.addEventListener('abort', wake, { once: true })
  })
}
