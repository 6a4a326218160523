/** All ways in which the promise can be broken. */
export type BreachKind =
  | 'work-never-ends'
  /** A while after a rotation, Teams' old token still signs. */
  | 'removed-token-accepted'
  /** A while after a rotation, Teams' new token does not sign. */
  | 'rotated-token-refused'
  /** Acknowledged, and neither delivered nor dead, archived and with a notice. */
  | 'lost'
  /** Claimed, and in no case. */
  | 'kept-nowhere'
  /** The case, or the dead letter, lacks a part of the ticket's text. */
  | 'text-lost'
  /** What a vendor shows lacks a part of the text, and does not say where the rest is. */
  | 'cut-without-saying'
  | 'wrong-place'
  /** One message with two ids, or copies under another id than the card named. */
  | 'wrong-id'
  | 'delivered-but-never-sent'
  | 'accepted-but-not-queued'
  /** Its sender was told that it is not accepted. */
  | 'refused-but-arrives'
  /** An answer that no sender should see. */
  | 'strange-answer'
  | 'delivered-without-record'
  | 'recorded-but-not-delivered'
  /** Nothing is on its way any more, and the ledger still waits for something. */
  | 'unsettled'
  | 'repeat-not-marked'
  | 'repeat-without-doubt'
  | 'asked-again-after-refusal'
  | 'given-up-early'
  | 'dead-without-letter'
  | 'letter-of-another-life'
  | 'dead-without-reason'
  | 'dead-without-notice'
  /** The archive is sure that the ticket did not arrive, and it did. */
  | 'archived-without-doubt'
  /** An admin read, for certain, that a ticket is dead which its vendor had by then. */
  | 'notified-without-doubt'
  | 'unreadable-lost'
  | 'unreadable-without-notice'
  /** Its sender saw a change confirmed that is in no case, and of which no admin was notified. */
  | 'event-lost'
  /** It was confirmed, and counts as older than what its sender knew of. */
  | 'confirmed-without-effect'
  /** One change is in the case more than once. */
  | 'event-counted-twice'
  /** One step of an escalation is in the case more than once. */
  | 'escalated-twice'
  /** In the case, and no person did it: an echo of our own work, or another's. */
  | 'event-never-sent'
  /** In the case, and its sender was told that it was not done. */
  | 'refused-but-done'
  | 'changed-by-another-team'
  | 'seen-by-another-team'
  /** Was forgotten, and our store still names them. */
  | 'forgotten-person-named'
  /** Not at the place that its priority asks for now. */
  | 'not-moved'
  /** A place that has the ticket lacks an event. */
  | 'note-missing'
  /** A place shows an event twice, and nothing says that it may be a repeat. */
  | 'note-repeated'
  /** The reporter's team was not told of a change that its level asks for. */
  | 'news-missing'
  /** It was told of one change twice, and nothing says that it may be a repeat. */
  | 'news-repeated'
  /** It was told of what it did itself, or of more than its level asks for. */
  | 'news-not-asked'
  | 'news-to-another-team'
  /** A ticket is dead, and its reporter's team was not told. */
  | 'death-not-told'
  /** More often than it died, and nothing says that it may be a repeat. */
  | 'death-told-again'
  /** The card looks done and the ticket is open, or the other way round. */
  | 'card-disagrees'
  /** A list that must show the ticket does not find it. */
  | 'not-in-index'
  /** What the bot says of the ticket is not what its events come to. */
  | 'shown-state-differs'

/** A promise that was not kept, and to which ticket. */
export interface Breach {
  readonly kind: BreachKind
  /** The id, where one is known. */
  readonly ticket: string
  readonly serial: string
  readonly detail: string
}

/** Adds a breach, unless what is promised is kept. */
export type Check = (isKept: boolean, kind: BreachKind, detail?: () => string) => void
