import type { CheckedPayload } from './check-payload.ts'

/** A message that a channel shows. */
export interface SlackMessage {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Its name in its channel: `1795442602.000000`. The webhook does not say it. */
  readonly ts: string
  /** The message that it answers; absent for one that stands in the channel itself. */
  readonly threadTs?: string
  readonly channel: string
  /** The bot of the webhook that posted it. */
  readonly bot: string
  /** The id of the only person who sees it: an answer to a press. */
  readonly onlyFor?: string
  /** When it was replaced; milliseconds since the epoch. */
  readonly editedAt?: number
  /** The top-level text; cut at 40,000 characters as Slack does. */
  readonly text: string
  readonly truncated: boolean
  readonly blocks: readonly Readonly<Record<string, unknown>>[]
  readonly attachments: readonly unknown[]
  /** All texts that a reader sees, one a line: the blocks' if there are any, else `text`. */
  readonly shown: string
  /** Control sequences that would notify people: `<!channel>`, `<@U…>`, `<!subteam^…>`. */
  readonly pings: readonly string[]
  readonly ticket?: string
  /** Milliseconds between the request and the message, where a fault delayed it. */
  readonly delayedMs?: number
}

/** An incoming webhook: a path that posts to one channel. */
export interface Webhook {
  readonly team: string
  readonly bot: string
  readonly secret: string
  readonly channel: string
  revoked: boolean
}

/** Whether a channel takes posts. */
export type ChannelState = 'open' | 'archived' | 'gone' | 'restricted'

/** A person pressed a button of a message. */
export interface Press {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Its name, `action_ts` of the request. */
  readonly ts: string
  readonly message: string
  readonly channel: string
  readonly actionId: string
  /** The handle of the person. */
  readonly by: string
  /** `waiting`: for our answer. `answered`: 200 in time. `failed`: the person sees a warning mark. */
  readonly outcome: 'waiting' | 'answered' | 'failed'
  /** Why it failed, for the test's reader. */
  readonly reason?: string
}

/** An address at which a press can be answered for a while. */
export interface ResponseUrl {
  readonly number: number
  readonly message: string
  readonly channel: string
  /** Who pressed. */
  readonly user: string
  readonly uses: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Everything that a restart must keep. Webhooks are configuration and hold secrets, so they are not in it. */
export interface SlackState {
  readonly messages: readonly SlackMessage[]
  readonly presses: readonly Press[]
  readonly responseUrls: readonly ResponseUrl[]
}

/** Makes the message that a checked payload becomes in a channel. */
export function toMessage(
  payload: CheckedPayload,
  place: Pick<SlackMessage, 'at' | 'ts' | 'channel' | 'bot' | 'ticket' | 'delayedMs' | 'onlyFor'>,
): SlackMessage {
  const { threadTs, ...shown } = payload
  return { ...shown, ...place, ...(threadTs !== undefined && { threadTs }) }
}

/** Gives out time stamps that grow, as names of messages. */
export interface TimeStamps {
  /** `now` is milliseconds since the epoch. */
  next(now: number): string
  /** The next ones come after this. */
  skip(ts: string): void
}

/** Slack's time stamps are seconds with six digits, and differ by 100 at least. */
export function createTimeStamps(): TimeStamps {
  let last = 0
  return {
    next: (now) => {
      last = Math.max(now * 1000, last + 100)
      return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`
    },
    skip: (ts) => {
      last = Math.max(last, Number(ts.replace('.', '')))
    },
  }
}
