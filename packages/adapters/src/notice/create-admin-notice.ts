import type { AdminNotice, Clock } from 'ticket-core'
import type { Pace } from '../http/pace.ts'
import { createPace } from '../http/pace.ts'
import { describeLetters } from './describe-letters.ts'
import type { Notified, NoticeWay } from './notice-way.ts'

/** Slack takes one message a second from a webhook, and at least two executions send at once. Milliseconds. */
const NOTICE_SPACING = 2000

export interface AdminNoticeOptions {
  readonly clock: Clock
  readonly ways: readonly NoticeWay[]
  /** Options that make a printed command reach the AWS of these dead letters, such as `--aws --region eu-west-1`. */
  readonly target?: string
  /** @default one notice every two seconds, for Slack takes no more */
  readonly pace?: Pace
}

/** Tells an admin on every way at once; one that gets through is enough. */
export function createAdminNotice({ clock, ways, target = '', pace }: AdminNoticeOptions): AdminNotice {
  const turns = pace ?? createPace(clock, NOTICE_SPACING)
  return {
    turn: (deadline) => turns.turn(deadline),
    async tell(letters, deadline) {
      const words = describeLetters(letters, target)
      const notified = await Promise.all(ways.map((way) => way.send(words, deadline)))
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
      return `${notified.code}: ${notified.reason}`
  }
}
