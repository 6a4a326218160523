import type { Clock } from 'ticket-core'
import { within } from './within.ts'

export interface ReadinessOptions {
  readonly clock: Clock
  /** By the name that is shown when it fails; true means ready. */
  readonly checks: Readonly<Record<string, () => Promise<boolean>>>
}

/** `/ready` needs no key, so results are cached: callers cannot make the server call AWS more often. Milliseconds. */
const KEPT_FOR = 5000
const CHECK_TIMEOUT = 2000

/** Names what is not ready. Results are cached for five seconds; each check may take two seconds. */
export function createReadinessCheck({ clock, checks }: ReadinessOptions): () => Promise<readonly string[]> {
  let last: { readonly at: number; readonly unready: Promise<readonly string[]> } | undefined

  async function find(): Promise<readonly string[]> {
    const deadline = clock.monotonic() + CHECK_TIMEOUT
    const found = await Promise.all(
      Object.entries(checks).map(async ([name, check]) =>
        (await within(check(), { clock, deadline, late: false })) ? [] : [name],
      ),
    )
    return found.flat()
  }

  return () => {
    if (!last || clock.monotonic() - last.at >= KEPT_FOR) last = { at: clock.monotonic(), unready: find() }
    return last.unready
  }
}
