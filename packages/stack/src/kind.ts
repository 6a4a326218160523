import type { StackClients } from './clients.ts'
import type { Clock } from 'ticket-core'
import type { Change, Resource } from './resource.ts'

/** What happens while a stack is applied or destroyed, to be shown. */
export type StackStep =
  | { readonly kind: 'changed'; readonly change: Change; readonly milliseconds: number }
  | { readonly kind: 'waiting'; readonly resource: Resource; readonly reason: string }
  | { readonly kind: 'removed'; readonly resource: Resource; readonly milliseconds: number }

/** What every operation of this package needs. */
export interface Context {
  readonly clients: StackClients
  readonly clock: Clock
  readonly accountId: string
  readonly region: string
  /** Filled as queues are found or made; their URLs differ between AWS and emulators. */
  readonly queueUrls: Map<string, string>
  /** By function name; filled as URLs are found or made. */
  readonly functionUrls: Map<string, string>
  readonly onStep: (step: StackStep) => void
}

/** One resource as it should be, as it was found, and the change between the two. */
export interface Work<Desired, Observed> {
  readonly desired: Desired
  readonly observed: Observed | undefined
  readonly change: Change
}

/**
 * How one kind of resource is observed, compared and changed. `compare` makes no call: its result can be shown as a
 * plan or given to `execute`.
 */
export interface Kind<Desired, Observed> {
  readonly resource: (desired: Desired) => Resource
  /** Undefined: it does not exist. */
  readonly observe: (desired: Desired, context: Context) => Promise<Observed | undefined>
  readonly compare: (desired: Desired, observed: Observed | undefined, context: Context) => Change | undefined
  readonly execute: (work: Work<Desired, Observed>, context: Context) => Promise<void>
  /** What has to be done before anything at all is changed. */
  readonly prepare?: (work: Work<Desired, Observed>, context: Context) => Promise<void>
}
