import { type Operator, operators } from './operators.ts'
import type { AccessRequest } from './access-request.ts'
import { fillVariables } from './variables.ts'

/** One key of a statement's `Condition`, with its operator. */
export interface Condition {
  readonly how: NamedOperator
  readonly key: string
  readonly values: readonly string[]
}

/** An operator with what a policy puts before and behind its name. */
interface NamedOperator {
  /** `Null` tests whether the key is present. */
  readonly operator: Operator | 'Null'
  readonly every: 'ForAllValues' | 'ForAnyValue' | undefined
  readonly ifExists: boolean
}

/** Reads an operator as a policy names it (`ForAnyValue:StringLikeIfExists`); undefined for one that IAM does not have. */
export function readOperator(name: string): NamedOperator | undefined {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? []
  const operator = base === 'Null' ? 'Null' : operators.get(base)
  if (operator === undefined || (operator === 'Null' && ifExists !== undefined)) return undefined
  const every = set === 'ForAllValues' || set === 'ForAnyValue' ? set : undefined
  return { operator, every, ifExists: ifExists !== undefined }
}

/**
 * Whether a condition holds: one of its values has to match, none for a negated operator; a key that the request does
 * not have matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function conditionHolds(condition: Condition, request: AccessRequest): boolean {
  const { operator, every, ifExists } = condition.how
  const found = request.valuesOf(condition.key)
  const wanted = condition.values.flatMap((value) => fillVariables(value, request) ?? [])
  if (operator === 'Null') return wanted.some((value) => value.toLowerCase() === String(found === undefined))
  if (found === undefined || found.length === 0) {
    if (every === 'ForAnyValue') return false
    return every === 'ForAllValues' || ifExists || operator.negated
  }
  const holdsFor = (value: string): boolean =>
    wanted.some((pattern) => operator.compare(value, pattern)) !== operator.negated
  if (every === 'ForAllValues') return found.every(holdsFor)
  if (every === 'ForAnyValue') return found.some(holdsFor)
  return operator.negated ? found.every(holdsFor) : found.some(holdsFor)
}
