import type { StackClients } from './clients.ts'
import type { Clock } from 'ticket-core'

export interface RemovalContext {
  readonly clients: StackClients
  readonly clock: Clock
  readonly prefix: string
  readonly accountId: string
  readonly region: string
  readonly deleteData: boolean
}

/** The result of removing one resource. */
export type RemovalOutcome =
  | { readonly kind: 'removed' }
  | { readonly kind: 'absent' }
  /** `not-managed`: it has the name, but not our tags. */
  | { readonly kind: 'left'; readonly why: 'not-managed' }
  | { readonly kind: 'left'; readonly why: 'needs-administrator'; readonly todo: string }
  | { readonly kind: 'left'; readonly why: 'holds-data'; readonly holds: string }

/** Removes the resource of this name if it may be removed. */
export type Removal = (name: string, context: RemovalContext) => Promise<RemovalOutcome>
