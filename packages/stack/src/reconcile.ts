import { sleep } from 'ticket-adapters/clock'
import { explainError } from './explain-error.ts'
import { backoff, transientErrorOf } from './transient-error.ts'
import type { Context, Kind } from './kind.ts'
import { type Change, StackError } from './resource.ts'

const GIVE_UP_AFTER_MS = 120_000

/**
 * Changes one resource from what was found to what is wanted. After a conflict with another caller, or when AWS does not
 * know a new role yet, it observes again and continues from there. Returns what was changed here.
 */
export async function reconcile<Desired, Observed>(
  { kind, desired, found }: { kind: Kind<Desired, Observed>; desired: Desired; found: Observed | undefined },
  context: Context,
): Promise<Change | undefined> {
  const { clock, onStep } = context
  const resource = kind.resource(desired)
  const startedAt = clock.monotonic()
  let observed = found
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (attempt > 1) observed = await kind.observe(desired, context)
      const change = kind.compare(desired, observed, context)
      if (!change) return undefined
      await kind.execute({ desired, observed, change }, context)
      onStep({ kind: 'changed', change, milliseconds: clock.monotonic() - startedAt })
      return change
    } catch (error) {
      const transientError = transientErrorOf(error)
      if (!transientError) throw explainError(error, resource)
      if (clock.monotonic() - startedAt > GIVE_UP_AFTER_MS) {
        throw new StackError(
          {
            code: 'gave-up-waiting',
            resource,
            problem: `after ${GIVE_UP_AFTER_MS / 1000} s AWS still says: ${error instanceof Error ? error.message : transientError}`,
            todo: 'Run the same command again: it continues where it stopped.',
          },
          error,
        )
      }
      onStep({ kind: 'waiting', resource, reason: transientError })
      await sleep(clock, backoff(transientError, attempt))
    }
  }
}
