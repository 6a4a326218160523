import type { AdminNotice, Clock } from 'ticket-core'
import type { Pace } from '../http/pace.ts'
import { createPace } from '../http/pace.ts'
import type { Notified, NoticeWay } from './notice-way.ts'

/** Slack takes one message a second from a webhook, and at least two executions send at once. Milliseconds. */
const NOTICE_SPACING = 2000

export interface AdminNoticeOptions {
  readonly clock: Clock
  readonly ways: readonly NoticeWay[]
  /** @default one notice every two seconds, for Slack takes no more */
  readonly pace?: Pace
}

/** Tells an admin on every way at once; one that gets through is enough. */
export function createAdminNotice({ clock, ways, pace }: AdminNoticeOptions): AdminNotice {
  const turns = pace ?? createPace(clock, NOTICE_SPACING)
  return {
    turn: (deadline) => turns.turn(deadline),
    async tell(letters, deadline) {
      const notified = await Promise.all(ways.map((way) => way.send(letters, deadline)))
      return {
        told: notified.some(({ kind }) => kind === 'sent'),
        ways: notified.map((one, index) => `${ways[index]?.name}: ${describe(one)}`),
      }
    },
  }
}

function describe(notified: Notified): string {
  switch (notified.kind) {
    case 'sent':
      return 'sent'
    case 'not-configured':
      return 'not configured'
    case 'failed':
      return notified.code
  }
}
