import { textOf, type Row } from '../../sql.ts'
import type { FunctionName } from './function-name.ts'
import type { LambdaContext } from './lambda-context.ts'
import type { FunctionRunner } from './run-function.ts'

interface AcceptedEvent extends FunctionName {
  readonly id: string
  readonly region: string
  readonly payload: string
  readonly trace?: string | undefined
  readonly acceptedAt: number
  /** Runs that failed. */
  readonly failures: number
  readonly throttles: number
  readonly dueAt: number
}

/** Events that were accepted (`InvocationType: Event`) and are stored until the function has handled them. */
export interface AsyncEvents {
  accept(event: FunctionName & { id: string; region: string; payload: string; trace?: string | undefined }): void
  /** Resumes the stored events after a restart. */
  start(): void
  /** Stops; remaining events stay in the store. */
  stop(): Promise<void>
}

const SIX_HOURS_MS = 6 * 3_600_000
/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_AFTER_MS = [60_000, 120_000]
const AFTER_FAILURE_MS = 60_000

/** Runs accepted events at once. Retries failed ones after one and two more minutes, throttled ones for six hours. */
export function createAsyncEvents(work: {
  context: LambdaContext
  runner: FunctionRunner
  findTarget: (event: FunctionName & { region: string }) => Parameters<FunctionRunner['run']>[0]['record'] | undefined
}): AsyncEvents {
  const { context, runner, findTarget } = work
  const { sql, clock } = context
  const waiting = new Map<string, () => void>()
  const running = new Set<Promise<void>>()
  let stopped = false

  const drop = (id: string): void => void sql.run('DELETE FROM lambda_events WHERE id = ?', id)

  const schedule = (event: AcceptedEvent): void => {
    sql.run('INSERT OR REPLACE INTO lambda_events (id, body) VALUES (?, ?)', event.id, JSON.stringify(event))
    if (stopped) return
    const wait = event.dueAt - clock.now()
    if (wait <= 0) return begin(event)
    waiting.set(
      event.id,
      clock.after(wait, () => begin(event)),
    )
  }

  const begin = (event: AcceptedEvent): void => {
    waiting.delete(event.id)
    const run = attempt(event).catch(() => {
      // The store could not be read or written: the event runs again (at-least-once delivery).
      if (!stopped)
        waiting.set(
          event.id,
          clock.after(AFTER_FAILURE_MS, () => begin(event)),
        )
    })
    running.add(run)
    void run.finally(() => running.delete(run))
  }

  const attempt = async (event: AcceptedEvent): Promise<void> => {
    const record = findTarget(event)
    if (!record) return drop(event.id)
    const { id: requestId, payload, qualifier, trace } = event
    const outcome = await runner.run({ record, requestId, payload, qualifier, traces: [trace] })
    // AWS sends the event of a stopped loop to the function's dead-letter queue, which this cloud does not have.
    if (outcome.kind === 'answered' || outcome.kind === 'recursive') return drop(event.id)
    const now = clock.now()
    if (outcome.kind === 'throttled') {
      if (now - event.acceptedAt > SIX_HOURS_MS) return drop(event.id)
      const throttles = event.throttles + 1
      return schedule({ ...event, throttles, dueAt: now + Math.min(300_000, 1000 * 2 ** Math.min(throttles - 1, 10)) })
    }
    const pause = RETRY_AFTER_MS[event.failures]
    if (pause === undefined || stopped) {
      // Interrupted by a shutdown: it runs again after the restart.
      if (!stopped) drop(event.id)
      return
    }
    schedule({ ...event, failures: event.failures + 1, dueAt: now + pause })
  }

  return {
    accept(event) {
      const now = clock.now()
      schedule({ ...event, acceptedAt: now, failures: 0, throttles: 0, dueAt: now })
    },
    start() {
      for (const row of sql.all('SELECT body FROM lambda_events')) schedule(parse(row))
    },
    async stop() {
      stopped = true
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
      await Promise.all(running)
    },
  }
}

function parse(row: Row): AcceptedEvent {
  const event: AcceptedEvent = JSON.parse(textOf(row, 'body'))
  return event
}
