import { sleep } from 'ticket-adapters/clock'
import type { Clock } from 'ticket-core'
import { explainError } from './explain-error.ts'
import type { Resource } from './resource.ts'
import { backoff, transientErrorOf } from './transient-error.ts'

const TRIES = 10

/** Runs it again after what a moment can change; explains any other error of AWS. */
export async function withRetries<Value>(
  run: () => Promise<Value>,
  { clock, resource }: { readonly clock: Clock; readonly resource: Resource },
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      const transientError = transientErrorOf(error)
      if (!transientError || attempt === TRIES) throw explainError(error, resource)
      await sleep(clock, backoff(transientError, attempt))
    }
  }
}
