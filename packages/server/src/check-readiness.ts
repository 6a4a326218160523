import type { Clock } from 'ticket-core'
import { within } from './within.ts'

export interface ReadinessOptions {
  readonly clock: Clock
  /** By what is shown when it fails; true when all is well. */
  readonly checks: Readonly<Record<string, () => Promise<boolean>>>
}

/** `/ready` needs no key: it must not let a stranger make us call AWS at will. Milliseconds. */
const KEPT_FOR = 5000
const PATIENCE = 2000

/** Names what is not ready; asked again after five seconds at the earliest, each check with two seconds. */
export function createReadinessCheck({ clock, checks }: ReadinessOptions): () => Promise<readonly string[]> {
  let last: { readonly at: number; readonly unready: Promise<readonly string[]> } | undefined

  async function find(): Promise<readonly string[]> {
    const deadline = clock.monotonic() + PATIENCE
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
