import type { AdminNotice } from 'ticket-core'
import type { Notified, NoticeWay } from './notice-way.ts'

/** Tells an admin on every way at once; one that gets through is enough. */
export function createAdminNotice(ways: readonly NoticeWay[]): AdminNotice {
  return {
    async tell(letter, deadline) {
      const notified = await Promise.all(ways.map((way) => way.send(letter, deadline)))
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
