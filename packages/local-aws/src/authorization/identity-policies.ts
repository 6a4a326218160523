import { findDocument, findManagedPolicy, findPolicy } from '../services/iam/policy-record.ts'
import { findRole, type RoleRecord } from '../services/iam/role-record.ts'
import type { Caller } from '../service.ts'
import { type Sql, textOf } from '../sql.ts'

/** The policies of one session: documents, not yet read. */
export interface IdentityPolicies {
  /** Undefined if the role was deleted; then nothing is allowed. */
  readonly role: RoleRecord | undefined
  readonly identity: readonly string[]
  readonly boundary: readonly string[] | undefined
  readonly session: readonly string[] | undefined
}

/** Finds the policies of a role's session: inline and attached ones, the boundary, and the session policies. */
export function findIdentityPolicies(sql: Sql, caller: Caller & { readonly roleName: string }): IdentityPolicies {
  const role = findRole(sql, caller.accountId, caller.roleName)
  if (!role) return { role, identity: [], boundary: undefined, session: undefined }
  const place = [role.account, role.name] as const
  const inline = sql
    .all('SELECT document FROM iam_role_policies WHERE account = ? AND role = ?', ...place)
    .map((row) => textOf(row, 'document'))
  const attached = sql
    .all('SELECT policy_arn FROM iam_attachments WHERE account = ? AND role = ?', ...place)
    .map((row) => documentOf(sql, textOf(row, 'policy_arn')))
  const { sessionPolicies } = caller
  return {
    role,
    identity: [...inline, ...attached],
    boundary: role.boundary === undefined ? undefined : [documentOf(sql, role.boundary)],
    session: sessionPolicies?.map((policy) => (policy.startsWith('arn:') ? documentOf(sql, policy) : policy)),
  }
}

/** The default version of a managed policy; a policy that allows nothing if it does not exist. */
function documentOf(sql: Sql, arn: string): string {
  const policy = findManagedPolicy(sql, arn) ?? findPolicy(sql, arn)
  return (policy && findDocument(sql, arn, policy.defaultVersion)) ?? '{"Statement":[]}'
}
