import type { NewsLevel } from 'ticket-core'
import type { Act } from './acts.ts'
import type { Plan, Storm } from './plan.ts'

/** One ticket on the board and one in the alert channel, and what people do with them. */
export const work =
  (does: readonly (readonly [at: number, ...Does])[], ...storms: readonly Storm[]) =>
  (plan: Plan): Plan => ({
    ...plan,
    giveUpAfter: '24h',
    sends: [
      { at: 0, priority: 'medium', replica: 0 },
      { at: 0, priority: 'high', replica: 1 },
    ],
    acts: does.map(([at, ticket, what]): Act => ({ at, ticket, person: 0, does: what })),
    storms,
    news: 'none',
    strays: [],
    scheduledEvents: [],
    redrives: [],
  })
export type Does = readonly [ticket: 0 | 1, does: Act['does']]

export const BOARD = 0
export const ALERT = 1

/** The same where the servers sweep: tickets are given up early, else a sweep a minute would go on for a day. */
export const workSwept =
  (...what: Parameters<typeof work>) =>
  (plan: Plan): Plan => ({ ...work(...what)(plan), giveUpAfter: '20m' })

/** The same where the reporters' team is told. */
export const workTold =
  (news: NewsLevel, ...what: Parameters<typeof work>) =>
  (plan: Plan): Plan => ({ ...work(...what)(plan), news })
