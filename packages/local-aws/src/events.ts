import type { PollerEvent } from './event-sources/poller.ts'

/**
 * The events of the cloud, in order: tests await them instead of sleeping. A service that has more to report adds a
 * member here.
 */
export type CloudEvent = SqsEvent | S3Event | LambdaEvent | EventsEvent | CallEvent

/** `at` is the time on the cloud's clock, in milliseconds since the epoch. */
interface At<Source extends string> {
  readonly at: number
  readonly source: Source
}

export type SqsEvent =
  | (At<'sqs'> & { readonly kind: 'queue-created' | 'queue-deleted' | 'queue-purged'; readonly queue: string })
  | (At<'sqs'> & SqsMessageFact)

type SqsMessageFact = { readonly queue: string; readonly messageId: string } & (
  | { readonly kind: 'message-sent'; readonly body: string }
  | { readonly kind: 'message-received'; readonly receiveCount: number; readonly visibleAt: number }
  | { readonly kind: 'message-deleted' }
  | { readonly kind: 'message-dead-lettered'; readonly deadLetterQueue: string; readonly receiveCount: number }
  | { readonly kind: 'message-moved'; readonly from: string }
  | { readonly kind: 'visibility-changed'; readonly visibleAt: number }
)

export type S3Event = At<'s3'> & {
  readonly kind: 'object-put' | 'object-deleted'
  readonly bucket: string
  readonly key: string
}

type LambdaEvent = InvocationFact | MappingFact

type InvocationFact = At<'lambda'> & { readonly functionName: string; readonly requestId: string } & (
    | { readonly kind: 'invocation-started' }
    | { readonly kind: 'invocation-ended'; readonly error: string | undefined; readonly durationMs: number }
    | { readonly kind: 'function-log'; readonly line: string }
  )

/** What the poller of an event source mapping did. `mapping` is its UUID. */
type MappingFact = At<'lambda'> & { readonly functionName: string; readonly mapping: string } & PollerEvent

/** A rule came due; one of its targets did not take the event. */
type EventsEvent = At<'events'> & { readonly rule: string } & (
    | { readonly kind: 'rule-fired' }
    | { readonly kind: 'target-failed'; readonly target: string; readonly reason: string }
  )

/** A call was answered: `error` is AWS's code, or undefined. */
type CallEvent = At<'cloud'> & {
  readonly kind: 'call-answered'
  readonly service: string
  readonly operation: string
  readonly error: string | undefined
}

/** Takes each event as it happens; must not throw. */
export type Observe = (event: CloudEvent) => void
