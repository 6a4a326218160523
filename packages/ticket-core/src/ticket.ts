/** The urgency of a ticket; it alone decides the destination. */
export type Priority = 'low' | 'medium' | 'high'

/** Where a ticket goes: `bucket` is S3, `board` is Trello, `alert` is Slack. */
export type Destination = 'bucket' | 'board' | 'alert'

/** Where a ticket, or what happens to it, is shown: a destination, or the Teams team that the ticket came from. */
export type Place = Destination | 'team'

/** The writer of a ticket, as Teams says. */
export interface Reporter {
  /** As it is shown in Teams; `unknown` where only the id came. */
  readonly name: string
  /** Entra directory id; absent in older Teams activities. */
  readonly aadObjectId?: string
}

/** A link of the message: its text and its target. */
export interface Link {
  readonly text: string
  readonly url: string
}

/** A parsed message that is not accepted yet. */
export interface Draft {
  readonly title: string
  readonly priority: Priority
  readonly description: string
  readonly steps?: string
  readonly links: readonly Link[]
}

/**
 * An accepted ticket: a pure function of its Teams activity, so that every replica makes the same one.
 * Tickets of the older system's queue have neither reporter nor Teams ids.
 */
export interface Ticket extends Draft {
  /** `T-7QK2M-9XD4R`: 50 bits of {@link Ticket.source}, Crockford base32. The idempotency key everywhere. */
  readonly id: string
  /** The whole SHA-256 (64 hex digits) that the id was cut from; distinguishes a collision of ids from a duplicate. */
  readonly source: string
  /** ISO 8601, UTC: the activity's own time stamp. */
  readonly createdAt: string
  readonly reporter?: Reporter
  readonly tenantId?: string
  readonly teamId?: string
  readonly channelId?: string
  readonly conversationId?: string
  readonly messageId?: string
  readonly locale?: string
}
