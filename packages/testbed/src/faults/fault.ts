import type { Duration } from '@ticketing/local-aws'
import type { When } from '../simulators/intercept-calls.ts'
import type { Vendor, VendorEdge } from '../simulators/vendor-edge.ts'
import type { Edge, EdgePlace, ProcessPlace, S3Edge, SecretEdge, SqsEdge, StoreEdge, WritingEdge } from './edge.ts'

/** What can go wrong with any call, whoever is called. */
type CallFaultKind =
  /** No answer, and nothing was done. */
  | { readonly kind: 'timeout-before-effect' }
  /** No answer, but it was done. */
  | { readonly kind: 'timeout-after-effect' }
  /** The connection breaks: `after` the effect, the answer is lost. @default before */
  | { readonly kind: 'reset'; readonly when?: When }
  /** The answer comes `ms` later. @default before */
  | { readonly kind: 'slow'; readonly ms: number; readonly when?: When }

/** What a vendor does. */
type VendorFaultKind =
  | CallFaultKind
  /** 429 as the vendor words it. `retryAfter` (seconds): Slack's default is 1, Trello's none. */
  | { readonly kind: '429'; readonly retryAfter?: number | 'none' }
  | { readonly kind: '5xx'; readonly status?: 500 | 502 | 503 | 504; readonly when?: When }
  | { readonly kind: '4xx'; readonly status: number; readonly body?: string }
  /** No answer, and it is done `ms` later. */
  | { readonly kind: 'timeout-late-effect'; readonly ms: number }
  /** Done, but the answer breaks off in the middle. */
  | { readonly kind: 'half-answer' }

/** What any service of AWS does. */
type AwsFaultKind =
  | CallFaultKind
  /** "Slow down", in the service's own words; nothing is done. */
  | { readonly kind: 'throttled' }
  /** The service is down: 500 or 503; with `after` it had done what it was asked. @default before */
  | { readonly kind: '5xx'; readonly when?: When }
  /** The caller may not do this. */
  | { readonly kind: 'denied' }

/** The embedded cloud's store fails under a call: nothing is done, and the cloud says that it is down. */
type DiskFault =
  /** ENOSPC, as SQLite tells of it. */
  | { readonly at: WritingEdge; readonly kind: 'disk-full' }
  /** EMFILE: no file can be opened. */
  | { readonly at: StoreEdge | 'sqs.*' | 's3.*' | 'secretsManager.*'; readonly kind: 'too-many-files' }
  /** What is read is no page of a database. */
  | { readonly at: StoreEdge | 'sqs.*' | 's3.*' | 'secretsManager.*'; readonly kind: 'damaged-page' }
  /** Of a body only the first half can be read. */
  | { readonly at: 's3.getObject'; readonly kind: 'short-read' }

/** What else SQS does, as its contract allows. */
type SqsFault =
  | (AwsFaultKind & { readonly at: SqsEdge | 'sqs.*' })
  /** Of a batch the second, fourth, … entry fails (of a single one that one); the others are done. */
  | {
      readonly at: 'sqs.sendMessageBatch' | 'sqs.deleteMessageBatch' | 'sqs.changeMessageVisibilityBatch'
      readonly kind: 'batch-entry-failure'
    }
  /** What is received can be received once more at once: two hold the same message. */
  | { readonly at: 'sqs.receiveMessage'; readonly kind: 'duplicate' }
  /** What is received comes in another order, and some of it only later. */
  | { readonly at: 'sqs.receiveMessage'; readonly kind: 'reordered' }

type S3Fault =
  | (AwsFaultKind & { readonly at: S3Edge | 's3.*' })
  /** 409: somebody else writes this key at the same moment. */
  | { readonly at: 's3.putObject'; readonly kind: 'conflict' }

type SecretFault = AwsFaultKind & { readonly at: SecretEdge | 'secretsManager.*' }

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

/** Something that happens by itself: at once, or `in` a while. Only on the virtual clock. */
export type ScheduledEvent =
  /** The wall clock of all is put forward, or back. */
  | { readonly at: 'clock'; readonly kind: 'jump'; readonly by: Duration; readonly in?: Duration }
  /** A credential is replaced: the old one is refused at once, the secret holds the new one `writtenAfter`. */
  | {
      readonly at: 'secret'
      readonly kind: 'rotated'
      readonly what: 'trello' | 'slack' | 'teams'
      readonly in?: Duration
      readonly writtenAfter?: Duration
    }

interface CallFilter {
  /** How many calls it meets. @default until it is removed */
  readonly times?: number
  /** Only calls that name this ticket. */
  readonly ticket?: string
  /** Only calls of this process. */
  readonly by?: ProcessPlace
  /** How likely it meets a call, 0 to 1, drawn with the testbed's seed. @default 1 */
  readonly chance?: number
}

export type CallFault = (VendorFault | SqsFault | S3Fault | SecretFault | DiskFault | ProcessFault) & CallFilter

/** What goes wrong, by name and place. */
export type Fault = CallFault | ScheduledEvent

/** The names of all that can go wrong at one place, such as `'s3.putObject'`. */
export type FaultKindAt<Place extends Fault['at']> = KindAt<Fault, Place>

type KindAt<Each, Place> = Each extends { readonly at: infer At; readonly kind: infer Kind }
  ? Place extends At
    ? Kind
    : never
  : never

/** A call as faults see it. */
export interface MetCall {
  readonly edge: Edge
  /** Who makes it; `undefined` is the cloud itself (the poller of an event source mapping), or a process of its own. */
  readonly by: string | undefined
  /** Path and body, or the input's text: tickets are looked for in it. */
  readonly text: () => string
}
