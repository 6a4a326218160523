import type { AdminNotifier, Clock } from 'ticket-core'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { describeLetters } from './describe-letters.ts'
import type { NotificationResult, NotificationChannel } from './notification-channel.ts'

/** Slack takes one message a second from a webhook, and two executions or more send at the same time. Milliseconds. */
const SPACING = 2000

export interface AdminNotifierOptions {
  readonly clock: Clock
  readonly channels: readonly NotificationChannel[]
  /** Options that make a printed command reach the AWS of these dead letters, such as `--aws --region eu-west-1`. */
  readonly target?: string
}

/** Notifies an admin on all channels at the same time; one that gets through is enough. */
export function createAdminNotifier({ clock, channels, target = '' }: AdminNotifierOptions): AdminNotifier {
  const rateLimiter = createRateLimiter(clock, SPACING)
  return {
    waitForSlot: (deadline) => rateLimiter.acquire(deadline),
    async notify(letters, deadline) {
      const words = describeLetters(letters, target)
      const results = await Promise.all(channels.map((channel) => channel.send(words, deadline)))
      return {
        notified: results.some(({ kind }) => kind === 'sent'),
        channels: results.map((one, index) => `${channels[index]?.name}: ${describe(one)}`),
      }
    },
  }
}

function describe(result: NotificationResult): string {
  switch (result.kind) {
    case 'sent':
      return 'sent'
    case 'not-configured':
      return 'not configured'
    case 'failed':
      return `${result.code}: ${result.reason}`
  }
}
