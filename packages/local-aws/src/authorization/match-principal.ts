import type { PrincipalSelector } from './statement.ts'

/** Who asks, as policies of resources name principals. */
export interface Principal {
  readonly accountId: string
  /** Of the session itself, or of the account's root. */
  readonly arn: string
  /** Of the role whose session it is. */
  readonly roleArn?: string | undefined
  /** Set where a service of AWS asks: `lambda.amazonaws.com`. */
  readonly service?: string
}

/**
 * How directly a statement speaks of a principal. It matters for what it allows: to the account means "to whom the
 * account's own policies allow it too"; to the session itself stands above the limits of that session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Named = 'account' | 'role' | 'session'

/** How the principal is named, or undefined where the statement is not about it. */
export function matchPrincipal(selector: PrincipalSelector, principal: Principal): Named | undefined {
  const found = findNamed(selector, principal)
  if (!selector.negated) return found
  return found === undefined ? 'role' : undefined
}

function findNamed({ everyone, byKind }: PrincipalSelector, principal: Principal): Named | undefined {
  if (principal.service !== undefined)
    return everyone || byKind['Service']?.includes(principal.service) === true ? 'role' : undefined
  const named = byKind['AWS'] ?? []
  if (named.includes(principal.arn) && principal.roleArn !== undefined) return 'session'
  if (everyone || (principal.roleArn !== undefined && named.includes(principal.roleArn))) return 'role'
  const account = [principal.accountId, `arn:aws:iam::${principal.accountId}:root`]
  return account.some((id) => named.includes(id)) ? 'account' : undefined
}
