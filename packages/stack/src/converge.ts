import { wait } from './clock.ts'
import { explainError } from './explain-error.ts'
import { hindranceOf, pauseAfter } from './hindrance.ts'
import type { Context, Kind } from './kind.ts'
import type { Change } from './resource.ts'
import { StackError } from './resource.ts'

const PATIENCE_MS = 120_000

/**
 * Brings one resource to what is wanted, from what was found. When somebody else was at it too, or AWS does not know a
 * new role yet, it looks again and goes on from there. Returns what was changed here.
 */
export async function converge<Desired, Observed>(
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
      const hindrance = hindranceOf(error)
      if (!hindrance) throw explainError(error, resource)
      if (clock.monotonic() - startedAt > PATIENCE_MS) {
        throw new StackError(
          {
            code: 'gave-up-waiting',
            resource,
            problem: `after ${PATIENCE_MS / 1000} s AWS still says: ${error instanceof Error ? error.message : hindrance}`,
            todo: 'Run the same command again: it goes on where it stopped.',
          },
          error,
        )
      }
      onStep({ kind: 'waiting', resource, reason: hindrance })
      await wait(clock, pauseAfter(hindrance, attempt))
    }
  }
}
