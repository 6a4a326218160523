import type {
  AttachRolePolicyCommandInput,
  DeleteRolePermissionsBoundaryCommandInput,
  DetachRolePolicyCommandInput,
  ListAttachedRolePoliciesCommandInput,
  ListEntitiesForPolicyCommandInput,
  PolicyUsageType,
  PutRolePermissionsBoundaryCommandInput,
} from '@aws-sdk/client-iam'
import type { Call } from '../../service.ts'
import { textOf, type Sql } from '../../sql.ts'
import type { IamContext } from './iam-context.ts'
import { limitExceeded, noSuchPolicy, notAttachable } from './iam-errors.ts'
import { pageOf } from './page-results.ts'
import { type PolicyRecord, checkArn, findManagedPolicy, findPolicy, requireBoundary } from './policy-record.ts'
import { requireRole } from './role-record.ts'

/** The default quota of managed policies on one role. */
const MAX_POLICIES = 10

const ATTACHED = 'SELECT role FROM iam_attachments WHERE policy_arn = ? AND account = ?'
const BOUNDED = 'SELECT name AS role FROM iam_roles WHERE boundary = ? AND account = ?'

/** The roles that use a policy, by kind of use. */
const USERS: Readonly<Record<PolicyUsageType | 'any', readonly string[]>> = {
  any: [ATTACHED, BOUNDED],
  PermissionsPolicy: [ATTACHED],
  PermissionsBoundary: [BOUNDED],
}

export function attachRolePolicy({ sql }: IamContext, input: AttachRolePolicyCommandInput, call: Call): object {
  const arn = checkArn(input.PolicyArn)
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  if (!find(sql, arn)) throw notAttachable(arn)
  const attached = arnsOf(sql, role.account, role.name)
  if (attached.includes(arn)) return {}
  if (attached.length >= MAX_POLICIES) throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MAX_POLICIES}`)
  sql.run('INSERT INTO iam_attachments (account, role, policy_arn) VALUES (?, ?, ?)', role.account, role.name, arn)
  return {}
}

export function detachRolePolicy({ sql }: IamContext, input: DetachRolePolicyCommandInput, call: Call): object {
  const arn = checkArn(input.PolicyArn)
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const detached = sql.run(
    'DELETE FROM iam_attachments WHERE account = ? AND role = ? AND policy_arn = ?',
    role.account,
    role.name,
    arn,
  )
  if (detached === 0) throw noSuchPolicy(arn)
  return {}
}

export function listAttachedRolePolicies(
  { sql }: IamContext,
  input: ListAttachedRolePoliciesCommandInput,
  call: Call,
): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const policies = arnsOf(sql, role.account, role.name)
    .flatMap((arn) => find(sql, arn) ?? [])
    .filter((policy) => policy.path.startsWith(input.PathPrefix ?? '/'))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const { items, ...rest } = pageOf(policies, input, (policy) => policy.arn)
  return { AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), ...rest }
}

export function listEntitiesForPolicy(
  { sql }: IamContext,
  input: ListEntitiesForPolicyCommandInput,
  call: Call,
): object {
  const arn = checkArn(input.PolicyArn)
  if (!find(sql, arn)) throw noSuchPolicy(arn)
  const wanted = input.EntityFilter === undefined || input.EntityFilter === 'Role'
  const { accountId } = call.caller
  const rows = wanted ? USERS[input.PolicyUsageFilter ?? 'any'].flatMap((query) => sql.all(query, arn, accountId)) : []
  const names = new Set(rows.map((row) => textOf(row, 'role')))
  const roles = [...names].toSorted().map((name) => requireRole(sql, accountId, name))
  const { items, ...rest } = pageOf(roles, input, (role) => role.name)
  return {
    PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
    PolicyGroups: [],
    PolicyUsers: [],
    ...rest,
  }
}

export function putRolePermissionsBoundary(
  { sql }: IamContext,
  input: PutRolePermissionsBoundaryCommandInput,
  call: Call,
): object {
  const arn = checkArn(input.PermissionsBoundary)
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const policy = requireBoundary(sql, arn)
  sql.run('UPDATE iam_roles SET boundary = ? WHERE account = ? AND name = ?', policy.arn, role.account, role.name)
  return {}
}

export function deleteRolePermissionsBoundary(
  { sql }: IamContext,
  input: DeleteRolePermissionsBoundaryCommandInput,
  call: Call,
): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  sql.run('UPDATE iam_roles SET boundary = NULL WHERE account = ? AND name = ?', role.account, role.name)
  return {}
}

function find(sql: Sql, arn: string): PolicyRecord | undefined {
  return findManagedPolicy(sql, arn) ?? findPolicy(sql, arn)
}

function arnsOf(sql: Sql, account: string, role: string): readonly string[] {
  return sql
    .all('SELECT policy_arn FROM iam_attachments WHERE account = ? AND role = ?', account, role)
    .map((row) => textOf(row, 'policy_arn'))
}
