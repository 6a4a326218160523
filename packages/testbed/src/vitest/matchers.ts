import { asTestbed, checkDeliveries, checkTicket } from './check-expectation.ts'
import { countDeliveries, countNotices, type Deliveries } from './count-deliveries.ts'

/** Matchers for `expect(bed)`. @public */
export interface TestbedMatchers<R> {
  /**
   * The ticket arrived exactly so often at each place, and nowhere else: `{ trello: 1 }` is one card, no message, no
   * object. `{}` is no delivery at all. Throws for a place or an id that the testbed does not know.
   */
  toHaveDelivered(ticket: string, deliveries: Deliveries): R
  /** Admins got so many notices of the ticket's dead letter. Throws for an id that the testbed does not know. @default 1 */
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
        'toHaveDelivered cannot see into an external cloud: read it with bed.clients, and read the vendors.',
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
    const count = countNotices(journal.entries, ticket)
    return result(count === times, {
      expected: `admins to be notified of ${ticket} ${often(times)}`,
      seen: `they were notified ${often(count)}`,
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
  const delivered = parts.filter(([, count]) => count > 0).map(([place, count]) => `${place} ${often(count)}`)
  return delivered.length === 0 ? 'nowhere' : `${delivered.join(' and ')}, and nowhere else`
}

function often(times: number): string {
  if (times === 0) return 'never'
  return times === 1 ? 'once' : `${times} times`
}
