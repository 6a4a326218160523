import type { LogFields, LogLevel } from 'ticket-core'
import type { CallbackEdge, VendorEdge } from '../simulators/vendor-edge.ts'

/** What the Teams simulator did and saw. `activity` is the activity's id. */
type TeamsEvent =
  | { readonly source: 'teams'; readonly kind: 'sent'; readonly activity: string; readonly ticket?: string }
  | {
      readonly source: 'teams'
      readonly kind: 'replied'
      readonly activity: string
      readonly status: number
      readonly text: string
      readonly ticket?: string
    }
  /** No answer within Teams' limit, no connection, or an answer that Teams cannot show. */
  | {
      readonly source: 'teams'
      readonly kind: 'failed'
      readonly activity: string
      readonly reason: string
      readonly ticket?: string
    }

/** One log line of the system under test; `kind` is the line's event name. */
interface LogEvent {
  readonly source: 'server' | 'function'
  readonly kind: string
  readonly level: LogLevel
  readonly fields: LogFields
  readonly ticket?: string
}

/** One call that the cloud answered; `kind` is the operation. */
interface CloudEvent {
  readonly source: 'sqs' | 's3' | 'secretsmanager' | 'lambda' | 'iam' | 'sts'
  readonly kind: string
  readonly detail: Readonly<Record<string, string | number | boolean | undefined>>
  readonly ticket?: string
}

/** One request that reached a vendor and how it ended: an HTTP status, a reset, or silence. */
interface VendorCallEvent {
  readonly source: 'trello' | 'slack' | 'workflows'
  readonly kind: 'call'
  readonly at: VendorEdge
  readonly outcome: number | 'reset' | 'no-answer'
  readonly ticket?: string
}

/** One request of a vendor to us and how it ended, as the vendor sees it. `callback-lost`: it is not sent again. */
type CallbackEvent = CallbackOf<'trello'> | CallbackOf<'slack'> | CallbackOf<'workflows'>
type CallbackOf<Source> = OfEach<
  'callback' | 'callback-lost',
  {
    readonly source: Source
    readonly at: CallbackEdge
    readonly outcome: number | 'reset' | 'no-answer' | 'not-sent'
    readonly ticket?: string
  }
>

/** One type for each kind, so that a pattern with a kind narrows to it. */
type OfEach<Kind extends string, Fields> = Kind extends string ? Fields & { readonly kind: Kind } : never

/** A change of a card, by a request or by a person in Trello. `name` is the card's, or the text of a comment. */
export type TrelloEvent = OfEach<
  'card-created' | 'card-updated' | 'card-deleted' | 'comment-added',
  { readonly source: 'trello'; readonly card: string; readonly name: string; readonly ticket?: string }
>

/** A message in a channel, a reply in a thread, a change of either, or a button that a person pressed. */
type SlackEvent = OfEach<
  'message-posted' | 'reply-posted' | 'message-replaced' | 'message-deleted' | 'button-pressed',
  {
    readonly source: 'slack'
    readonly channel: string
    readonly text: string
    readonly ticket?: string
    /** Milliseconds between the request and the message, where a fault delayed it. */
    readonly delayedMs?: number
  }
>

type WorkflowsEvent = {
  readonly source: 'workflows'
  readonly kind: 'card-posted' | 'run-failed'
  readonly text: string
  readonly ticket?: string
}

/** A fault that hit a call. */
interface FaultEvent {
  readonly source: 'fault'
  readonly kind: string
  readonly at: string
  readonly ticket?: string
}

/** A remark of a test or of the assembled system, such as "server restarted". */
interface NoteEvent {
  readonly source: 'note'
  readonly kind: string
  readonly ticket?: string
}

/** Everything that a journal can hold. */
export type JournalEvent =
  | TeamsEvent
  | LogEvent
  | CloudEvent
  | VendorCallEvent
  | CallbackEvent
  | TrelloEvent
  | SlackEvent
  | WorkflowsEvent
  | FaultEvent
  | NoteEvent

/** An event with its place in the order of things and its instant (milliseconds since the epoch). */
export type JournalEntry = JournalEvent & {
  readonly n: number
  /** Milliseconds since the epoch, by the wall clock. */
  readonly time: number
  /** Milliseconds by a clock that is never set: comparable with that of other entries only. */
  readonly elapsed: number
}
