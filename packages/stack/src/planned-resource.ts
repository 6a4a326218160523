import type { Context } from './kind.ts'
import type { Change, Resource } from './resource.ts'

/** One resource of the plan: what would change, what it needs first, and how to apply the change. */
export interface PlannedResource {
  readonly id: string
  readonly needs: readonly string[]
  readonly resource: Resource
  /** Digest of its description: it tells two descriptions apart that would both be a creation. */
  readonly madeFrom: string
  /** Undefined: nothing to change. */
  readonly change: Change | undefined
  /** What the change needs before anything of the stack is changed. */
  readonly prepare: () => Promise<void>
  /** Applies the change, starting from what was found when it was planned; returns what was changed. */
  readonly apply: () => Promise<Change | undefined>
}

/** A resource that was described and not observed yet. */
export interface UnplannedResource {
  readonly id: string
  /** Undefined for one that is not wanted, and is not there. */
  readonly look: (context: Context) => Promise<PlannedResource | undefined>
}
