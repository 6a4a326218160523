import type { Condition } from './condition.ts'

/** Patterns that one element of a statement lists; `negated` for its `Not…` form. */
export interface Selector {
  readonly negated: boolean
  readonly patterns: readonly string[]
}

/** The principals in a resource policy, by kind: `AWS`, `Service`, `Federated`, `CanonicalUser`. */
export interface PrincipalSelector {
  readonly negated: boolean
  readonly everyone: boolean
  readonly byKind: Readonly<Record<string, readonly string[]>>
}

/** One parsed statement of a policy. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: Selector
  /** Absent in a trust policy, whose resource is its role. */
  readonly resources: Selector | undefined
  /** Absent in an identity policy. */
  readonly principals: PrincipalSelector | undefined
  readonly conditions: readonly Condition[]
}
