import type { StackClients } from './clients.ts'
import { APP, type Tags } from './desired/tags.ts'
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
  /** It has the name, but not our tags; `owner`: the prefix of the stack of ours that it belongs to. */
  | { readonly kind: 'left'; readonly why: 'not-managed'; readonly owner?: string }
  | { readonly kind: 'left'; readonly why: 'needs-administrator'; readonly todo: string }
  /** `keptUntil`: when the last message of a queue is deleted by SQS, at the latest. */
  | { readonly kind: 'left'; readonly why: 'holds-data'; readonly holds: string; readonly keptUntil?: number }

/** Removes the resource of this name if it may be removed. */
export type Removal = (name: string, context: RemovalContext) => Promise<RemovalOutcome>

/** The outcome for a resource with the tags of something else than the stack that is removed. */
export function notManaged(tags: Tags | undefined): RemovalOutcome {
  const owner = tags?.['app'] === APP ? tags['prefix'] : undefined
  return { kind: 'left', why: 'not-managed', ...(owner !== undefined && { owner }) }
}
