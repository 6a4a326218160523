import type { Result } from 'ticket-core'

/** The kinds of resources in a stack. */
export const RESOURCE_KINDS = [
  'account',
  'queue',
  'bucket',
  'policy',
  'role',
  'function',
  'mapping',
  'url',
  'schedule',
  'secret',
] as const

type ResourceKind = (typeof RESOURCE_KINDS)[number]

/** One resource, by the name that people use. A mapping is named `queue -> function`. */
export interface Resource {
  readonly kind: ResourceKind
  readonly name: string
}

/** One property that is not as it should be. `from` is absent where nothing was set. */
export interface Difference {
  readonly field: string
  readonly from?: string
  readonly to: string
}

/** What has to change at one resource: plain data, to be shown or executed. */
export interface Change {
  readonly resource: Resource
  readonly action: 'create' | 'update' | 'remove'
  /** Empty for a creation and a removal. */
  readonly differences: readonly Difference[]
  /** True where the resource exists without our tags: made by hand or by the older system. */
  readonly adopted?: true
}

/** An obstacle that waiting does not remove. */
export interface StackProblem {
  readonly code:
    | 'bucket-name-taken'
    | 'bucket-in-another-region'
    | 'wrong-account'
    | 'not-allowed'
    | 'needs-administrator'
    | 'no-credentials'
    | 'unreachable'
    | 'gave-up-waiting'
    | 'secret-being-deleted'
    | 'plan-outdated'
    | 'holds-data'
    | 'other-prefix'
    | 'too-few-executions'
    | 'intake-unsaid'
    | 'refused'
  readonly resource: Resource
  /** What was wrong. */
  readonly problem: string
  /** What to do about it. */
  readonly todo: string
}

/** Carries a {@link StackProblem} up to the function that returns it as a value; never leaves this package. */
export class StackError extends Error {
  override readonly name = 'StackError'
  readonly detail: StackProblem

  constructor(detail: StackProblem, cause?: unknown) {
    super(`${detail.resource.kind} ${detail.resource.name}: ${detail.problem}`, { cause })
    this.detail = detail
  }
}

/** Turns a {@link StackError} into the value that callers get; a bug is thrown again. */
export async function problemAsValue<Value>(run: () => Promise<Value>): Promise<Result<Value, StackProblem>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    if (error instanceof StackError) return { ok: false, failure: error.detail }
    throw error
  }
}
