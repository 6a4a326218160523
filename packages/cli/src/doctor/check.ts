import type { Clock } from 'ticket-core'

/** One line of the result. A text never holds a secret. */
export interface Finding {
  /** The name of the check, and of what it looked at where it looks at several: `queue acme-LP`. */
  readonly name: string
  /** `not-checked`: nothing is known of it, because something before it is wrong, or it cannot be seen from here. */
  readonly status: 'ok' | 'wrong' | 'not-checked'
  readonly text: string
  /** What to do about it. */
  readonly fix?: string
}

/** One check. The table of all of them is in `checks.ts`. */
export interface Check<Facts> {
  readonly name: string
  readonly looksAt: string
  readonly why: string
  readonly run: (facts: Facts) => Promise<readonly Finding[]>
}

/** What a check needs is not there; the check of that says why. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** Milliseconds for one check. */
export const CHECK_TIMEOUT = 20_000

/**
 * Runs all checks at the same time; the findings come in the order of the table. No check can hide another: one that
 * does not end in time, or fails by a defect of ours, is a finding like any other.
 */
export async function runChecks<Facts>(
  checks: readonly Check<Facts>[],
  facts: Facts,
  clock: Clock,
): Promise<readonly Finding[]> {
  return (await Promise.all(checks.map((check) => runCheck(check, facts, clock)))).flat()
}

async function runCheck<Facts>({ name, run }: Check<Facts>, facts: Facts, clock: Clock): Promise<readonly Finding[]> {
  const { promise: timeUp, resolve } = Promise.withResolvers<readonly Finding[]>()
  const cancel = clock.after(CHECK_TIMEOUT, () =>
    resolve([wrong(name, `no answer in ${CHECK_TIMEOUT / 1000} s`, 'Check the network between this machine and it.')]),
  )
  try {
    return await Promise.race([run(facts), timeUp])
  } catch (error) {
    if (error instanceof Unavailable) return [notChecked(name, error.message)]
    // Its message may hold anything, also an address that is a secret.
    const kind = error instanceof Error ? error.name : 'unknown'
    return [wrong(name, `the check failed (${kind})`, 'This is a defect of doctor: please report it.')]
  } finally {
    cancel()
  }
}

/** One of several findings of a check, so that it does not hide the others. */
export async function unlessUnavailable(name: string, finding: Promise<Finding>): Promise<Finding> {
  try {
    return await finding
  } catch (error) {
    if (error instanceof Unavailable) return notChecked(name, error.message)
    throw error
  }
}

export function ok(name: string, text: string): Finding {
  return { name, status: 'ok', text }
}

export function wrong(name: string, text: string, fix: string): Finding {
  return { name, status: 'wrong', text, fix }
}

export function notChecked(name: string, text: string): Finding {
  return { name, status: 'not-checked', text }
}
