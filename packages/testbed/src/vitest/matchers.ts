import { asTestbed, checkDeliveries, checkTicket } from './check-expectation.ts'
import { countDeliveries, countNotices } from './count-deliveries.ts'
import type { Deliveries } from './count-deliveries.ts'

/** What `expect(bed)` knows besides. */
export interface TestbedMatchers<R> {
  /**
   * The ticket arrived exactly so often at each place, and nowhere else: `{ trello: 1 }` is one card, no message, no
   * object. `{}` is nothing at all. Throws on a place or an id that the testbed has never heard of.
   */
  toHaveDelivered(ticket: string, deliveries: Deliveries): R
  /** An admin was told of the ticket's death so often. Throws on an id that the testbed has never heard of. @default 1 */
  toHaveNotifiedAdmin(ticket: string, times?: number): R
}

declare module 'vitest' {
  // The type parameters are Vitest's own and must be repeated.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends TestbedMatchers<R> {}
}

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** For `expect.extend`. */
export const matchers: {
  toHaveDelivered(bed: unknown, ticket: string, deliveries: Deliveries): MatcherResult
  toHaveNotifiedAdmin(bed: unknown, ticket: string, times?: number): MatcherResult
} = {
  toHaveDelivered(bed, ticket, deliveries) {
    const { journal, seesCloud } = asTestbed(bed, 'toHaveDelivered')
    if (!seesCloud)
      throw new Error(
        "toHaveDelivered does not see into somebody else's cloud: look with bed.clients, and at the vendors.",
      )
    checkDeliveries(deliveries)
    checkTicket(journal, ticket)
    const expected = { s3: 0, trello: 0, slack: 0, ...deliveries }
    const seen = countDeliveries(journal.entries, ticket)
    const pass = seen.s3 === expected.s3 && seen.trello === expected.trello && seen.slack === expected.slack
    return result(pass, {
      expected: `${ticket} to be delivered ${describeDeliveries(expected)}`,
      seen: `it was delivered ${describeDeliveries(seen)}`,
      timeline: () => journal.timeline(ticket),
    })
  },
  toHaveNotifiedAdmin(bed, ticket, times = 1) {
    const { journal } = asTestbed(bed, 'toHaveNotifiedAdmin')
    checkTicket(journal, ticket)
    const told = countNotices(journal.entries, ticket)
    return result(told === times, {
      expected: `an admin to be told of ${ticket} ${often(times)}`,
      seen: `they were told ${often(told)}`,
      timeline: () => journal.timeline(ticket),
    })
  },
}

function result(
  pass: boolean,
  { expected, seen, timeline }: { readonly expected: string; readonly seen: string; readonly timeline: () => string },
): MatcherResult {
  return {
    pass,
    message: () =>
      pass
        ? `expected not: ${expected}. What happened:\n${timeline()}`
        : `expected ${expected}; ${seen}. What happened:\n${timeline()}`,
  }
}

function describeDeliveries({ s3, trello, slack }: Required<Deliveries>): string {
  const parts = [
    ['to S3', s3],
    ['to Trello', trello],
    ['to Slack', slack],
  ] as const
  const told = parts.filter(([, count]) => count > 0).map(([place, count]) => `${place} ${often(count)}`)
  return told.length === 0 ? 'nowhere' : `${told.join(' and ')}, and nowhere else`
}

function often(times: number): string {
  if (times === 0) return 'never'
  return times === 1 ? 'once' : `${times} times`
}
