import type { AccessRequest } from './access-request.ts'
import { type Verdict, evaluate } from './evaluate.ts'
import type { Principal } from './match-principal.ts'
import type { Statement } from './statement.ts'

/** Every policy that applies to a request within one account. */
export interface Policies {
  /** Of the role; undefined for the account's root, which needs none. */
  readonly identity: readonly Statement[] | undefined
  /** Undefined where the role has no permissions boundary. */
  readonly boundary: readonly Statement[] | undefined
  /** Undefined if the session was created without session policies. */
  readonly session: readonly Statement[] | undefined
  /** Of the resource: a queue's, a bucket's, a secret's, a function's, or a role's trust policy. */
  readonly resource: readonly Statement[]
  /** A trust policy also applies to the account's root. */
  readonly resourceMustAllow: boolean
}

type Kind = 'identity-based policy' | 'resource-based policy' | 'permissions boundary' | 'session policy'

/** Why a request is denied: `explicit` if a statement denies it, else because no policy of that kind allows it. */
export interface Denial {
  readonly explicit: boolean
  readonly kind: Kind
}

/**
 * Decides a request within one account; undefined when it is allowed. A Deny in any policy wins; otherwise the
 * resource's policy or the identity's has to allow it, and the boundary and the session's policies too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
export function decide(policies: Policies, request: AccessRequest, principal: Principal): Denial | undefined {
  const say = (statements: readonly Statement[] | undefined): Verdict =>
    statements && evaluate(statements, request, principal)
  const resource = say(policies.resource)
  const identity = say(policies.identity)
  const boundary = say(policies.boundary)
  const session = say(policies.session)
  const explicit = (
    [
      ['identity-based policy', identity],
      ['resource-based policy', resource],
      ['permissions boundary', boundary],
      ['session policy', session],
    ] as const
  ).find(([, verdict]) => verdict?.effect === 'Deny')
  if (explicit) return { explicit: true, kind: explicit[0] }
  const granted = resource?.effect === 'Allow' ? resource.named : undefined
  if (policies.resourceMustAllow && granted === undefined) return { explicit: false, kind: 'resource-based policy' }
  if (!policies.identity || granted === 'session') return undefined
  const missing = (
    [
      ['identity-based policy', granted === 'role' || identity],
      ['permissions boundary', !policies.boundary || boundary],
      ['session policy', !policies.session || session],
    ] as const
  ).find(([, allows]) => !allows)
  return missing && { explicit: false, kind: missing[0] }
}
