import type { Duration } from '@ticketing/local-aws'
import type { When } from '../simulators/intercept-calls.ts'
import type { CallbackEdge, Vendor, VendorEdge } from '../simulators/vendor-edge.ts'
import type { EdgePlace, MetEdge, ProcessPlace, S3Edge, SecretEdge, SqsEdge, StoreEdge, WritingEdge } from './edge.ts'

/** Faults of any call. */
type CallFaultKind =
  /** No answer, and no effect. */
  | { readonly kind: 'timeout-before-effect' }
  /** The effect, but no answer. */
  | { readonly kind: 'timeout-after-effect' }
  /** The connection breaks: `after` the effect, the answer is lost. @default before */
  | { readonly kind: 'reset'; readonly when?: When }
  /** The answer comes `ms` later. @default before */
  | { readonly kind: 'slow'; readonly ms: number; readonly when?: When }

/** Faults of a vendor. */
type VendorFaultKind =
  | CallFaultKind
  /** 429 as the vendor words it. `retryAfter` (seconds): Slack's default is 1, Trello's none. */
  | { readonly kind: '429'; readonly retryAfter?: number | 'none' }
  | { readonly kind: '5xx'; readonly status?: 500 | 502 | 503 | 504; readonly when?: When }
  | { readonly kind: '4xx'; readonly status: number; readonly body?: string }
  /** No answer, and the effect comes `ms` later. */
  | { readonly kind: 'timeout-late-effect'; readonly ms: number }
  /** The effect, but the answer breaks off in the middle. */
  | { readonly kind: 'half-answer' }

/** Faults of any service of AWS. */
type AwsFaultKind =
  | CallFaultKind
  /** "Slow down", in the service's own words, and no effect. */
  | { readonly kind: 'throttled' }
  /** The service is down: 500 or 503; with `after` the call had its effect. @default before */
  | { readonly kind: '5xx'; readonly when?: When }
  /** The caller lacks the permission. */
  | { readonly kind: 'denied' }

/** The embedded cloud's store fails: the call has no effect, and the cloud answers that it is down. */
type DiskFault =
  /** ENOSPC, in SQLite's form. */
  | { readonly at: WritingEdge; readonly kind: 'disk-full' }
  /** EMFILE: no file can be opened. */
  | { readonly at: StoreEdge | 'sqs.*' | 's3.*' | 'secretsManager.*'; readonly kind: 'too-many-files' }
  /** The read page is not a page of a database. */
  | { readonly at: StoreEdge | 'sqs.*' | 's3.*' | 'secretsManager.*'; readonly kind: 'damaged-page' }
  /** Only the first half of a body can be read. */
  | { readonly at: 's3.getObject'; readonly kind: 'short-read' }

/** Faults of SQS, some of which its contract allows. */
type SqsFault =
  | (AwsFaultKind & { readonly at: SqsEdge | 'sqs.*' })
  /** In a batch the second, fourth, … entry fails, or the only one. The others succeed. */
  | {
      readonly at: 'sqs.sendMessageBatch' | 'sqs.deleteMessageBatch' | 'sqs.changeMessageVisibilityBatch'
      readonly kind: 'batch-entry-failure'
    }
  /** A received message stays visible: two consumers have it. */
  | { readonly at: 'sqs.receiveMessage'; readonly kind: 'duplicate' }
  /** Messages come in another order, and some of them later. */
  | { readonly at: 'sqs.receiveMessage'; readonly kind: 'reordered' }

type S3Fault =
  | (AwsFaultKind & { readonly at: S3Edge | 's3.*' })
  /** 409: another writer uses this key at the same moment. */
  | { readonly at: 's3.putObject' | 's3.deleteObject'; readonly kind: 'conflict' }

type SecretFault = AwsFaultKind & { readonly at: SecretEdge | 'secretsManager.*' }

/** Callbacks of vendors fail on their way to us: `5xx` is what the vendor hears, although our listener may be well. */
type CallbackFault =
  | (VendorFaultKind & { readonly at: CallbackEdge | 'callback.*' })
  | ({ readonly at: Exclude<CallbackEdge, 'callback.trelloCheck'> | 'callback.*' } & DispatchFaultKind)

/** What becomes of an event before it is sent. */
type DispatchFaultKind =
  /** It is never sent. Of a pressed button Slack warns. */
  | { readonly kind: 'lost' }
  /** It is sent twice, the second time a second later. */
  | { readonly kind: 'duplicate' }
  /** It is sent `ms` later. */
  | { readonly kind: 'delayed'; readonly ms: number }
  /** It is sent 10 s later: the next ones overtake it. */
  | { readonly kind: 'reordered' }

type VendorFault = VendorFaultKind & { readonly at: VendorEdge | `${Vendor}.*` }

/** One of our processes ends in the middle of its work: around a call that it makes. Only on the virtual clock. */
export interface ProcessFault {
  readonly at: ProcessPlace
  /** `crash`: it ends by itself, with an error. `killed`: by SIGKILL. `timed-out`: it hangs until Lambda ends it. */
  readonly kind: 'crash' | 'killed' | 'timed-out'
  /** @default after */
  readonly when?: When
  readonly call: EdgePlace
}

/** An event without a call: immediately, or after `in`. Only on the virtual clock. */
export type ScheduledEvent =
  /** The wall clock of all is put forward, or back. */
  | { readonly at: 'clock'; readonly kind: 'jump'; readonly by: Duration; readonly in?: Duration }
  /** Replaces a credential: the old one fails immediately, the secret has the new one after `writtenAfter`. */
  | {
      readonly at: 'secret'
      readonly kind: 'rotated'
      readonly what: 'trello' | 'slack' | 'teams'
      readonly in?: Duration
      readonly writtenAfter?: Duration
    }

interface CallFilter {
  /** How many calls it hits. @default all, until it is removed */
  readonly times?: number
  /** Only calls that name this ticket. */
  readonly ticket?: string
  /** Only calls with this text in their path, fields or body: a part of a key, of a message or of an object. */
  readonly text?: string
  /** Only calls of this process. */
  readonly by?: ProcessPlace
  /** The probability that it hits a call, above 0 to 1, drawn with the testbed's seed. @default 1 */
  readonly chance?: number
}

export type CallFault = (VendorFault | CallbackFault | SqsFault | S3Fault | SecretFault | DiskFault | ProcessFault) &
  CallFilter

/** A fault: its place and its kind. */
export type Fault = CallFault | ScheduledEvent

/** The kinds of faults at one place, such as `'s3.putObject'`. */
export type FaultKindAt<Place extends Fault['at']> = KindAt<Fault, Place>

type KindAt<Each, Place> = Each extends { readonly at: infer At; readonly kind: infer Kind }
  ? Place extends At
    ? Kind
    : never
  : never

/** A call as faults see it. */
export interface MetCall {
  readonly edge: MetEdge
  /** Of a vendor's callback; see `VendorCall`. */
  readonly stage?: 'dispatch' | 'send'
  /** Who makes it; `undefined` is the cloud itself (the poller of an event source mapping), or a process of its own. */
  readonly by: string | undefined
  /** Path and body of a vendor's call; the fields of one of AWS, and its object. */
  readonly text: () => string
}
