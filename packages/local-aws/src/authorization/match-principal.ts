import type { PrincipalSelector } from './statement.ts'

/** The caller, in the terms of a resource policy's `Principal`. */
export interface Principal {
  readonly accountId: string
  /** Of the session itself, or of the account's root. */
  readonly arn: string
  /** The session's role. */
  readonly roleArn?: string | undefined
  /** Set if an AWS service is the caller: `lambda.amazonaws.com`. */
  readonly service?: string
}

/**
 * Which form of a principal a statement names. An Allow for the account also requires an Allow by an identity policy;
 * an Allow for the session itself is not limited by the session's policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Named = 'account' | 'role' | 'session'

/** The form in which a statement names the principal, or undefined if it does not. */
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
