import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { unlessAbsent } from '../aws-errors.ts'
import { different, differentDocument, touches, updateOf } from '../compare.ts'
import type { DesiredRole } from '../desired/desired-stack.ts'
import { type Tags, isManaged } from '../desired/tags.ts'
import { isNotAllowed } from '../explain-error.ts'
import type { Context, Kind, Work } from '../kind.ts'
import { type Change, type Resource, StackError } from '../resource.ts'
import { type OlderPolicy, findOlderPolicies, removeOlderPolicy } from './older-policies.ts'
import { type Removal, notManaged } from '../removal.ts'

export interface ObservedRole {
  readonly boundary?: string
  readonly trust: string
  readonly policy?: string
  /** Of the older system. */
  readonly olderPolicies: readonly OlderPolicy[]
  readonly tags: Tags
}

/**
 * Roles: trust policy, permissions boundary, one inline policy, tags. Policies that were attached by hand are left alone;
 * those of the older system are removed.
 */
export const roleKind: Kind<DesiredRole, ObservedRole> = { resource: resourceOf, observe, compare, execute }

function resourceOf({ name }: DesiredRole): Resource {
  return { kind: 'role', name }
}

async function observe({ name, policyName }: DesiredRole, { clients }: Context): Promise<ObservedRole | undefined> {
  const [role, policy, olderPolicies] = await Promise.all([
    unlessAbsent(() => clients.iam.send(new GetRoleCommand({ RoleName: name }))),
    unlessAbsent(() => clients.iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policyName }))),
    findOlderPolicies(clients.iam, name),
  ])
  if (!role?.Role) return undefined
  const boundary = role.Role.PermissionsBoundary?.PermissionsBoundaryArn
  return {
    ...(boundary !== undefined && { boundary }),
    trust: decodeURIComponent(role.Role.AssumeRolePolicyDocument ?? ''),
    ...(policy?.PolicyDocument && { policy: decodeURIComponent(policy.PolicyDocument) }),
    olderPolicies,
    tags: Object.fromEntries((role.Role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  }
}

function compare(desired: DesiredRole, observed: ObservedRole | undefined): Change | undefined {
  const resource = resourceOf(desired)
  if (!observed) return { resource, action: 'create', differences: [] }
  const differences = [
    ...different('permissions boundary', observed.boundary, desired.boundary),
    ...differentDocument('trust', observed.trust, JSON.stringify(desired.trust)),
    ...differentDocument('policy', observed.policy, JSON.stringify(desired.policy)),
    ...observed.olderPolicies.map(({ name }) => ({ field: `attached ${name}`, from: '(attached)', to: '(removed)' })),
  ]
  return updateOf({ resource, differences, wanted: desired.tags, found: observed.tags })
}

async function execute(
  { desired, observed, change }: Work<DesiredRole, ObservedRole>,
  { clients }: Context,
): Promise<void> {
  const { name: RoleName, policyName: PolicyName, boundary: PermissionsBoundary } = desired
  const Tags = Object.entries(desired.tags).map(([Key, Value]) => ({ Key, Value }))
  const trust = JSON.stringify(desired.trust)
  if (!observed) {
    const { description: Description } = desired
    const role = { RoleName, AssumeRolePolicyDocument: trust, Description, PermissionsBoundary, Tags }
    await clients.iam.send(new CreateRoleCommand(role))
  }
  // The boundary before the policy: a policy is never in force without it.
  if (observed && touches(change, 'permissions boundary'))
    await clients.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }))
  if (observed && touches(change, 'trust')) await changeTrust(desired, trust, clients)
  if (!observed || touches(change, 'policy')) {
    const PolicyDocument = JSON.stringify(desired.policy)
    await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))
  }
  for (const policy of observed?.olderPolicies ?? []) await removeOlderPolicy(clients.iam, { RoleName, policy })
  if (observed && touches(change, 'tag ')) await clients.iam.send(new TagRoleCommand({ RoleName, Tags }))
}

/**
 * An operator may not change a trust policy. The role is not recreated instead: a function whose role was deleted cannot
 * decrypt its environment any more, even after a role of that name exists again.
 * https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
 */
async function changeTrust(role: DesiredRole, PolicyDocument: string, { iam }: Context['clients']): Promise<void> {
  const { name: RoleName } = role
  try {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
  } catch (error) {
    if (!isNotAllowed(error)) throw error
    throw new StackError(
      {
        code: 'needs-administrator',
        resource: resourceOf(role),
        problem: 'its trust policy (who may assume the role) was changed, and these credentials may not change it back',
        todo: `Only an administrator of the account may: aws iam update-assume-role-policy --role-name ${RoleName} --policy-document '${PolicyDocument}'`,
      },
      error,
    )
  }
}

/** Deletes the role and its inline policies if it has our tags; attached policies are only detached. */
export const removeRole: Removal = async (name, { clients, prefix }) => {
  const { iam } = clients
  const role = { RoleName: name }
  const found = await unlessAbsent(() => iam.send(new GetRoleCommand(role)))
  if (!found?.Role) return { kind: 'absent' }
  const tags = Object.fromEntries((found.Role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  if (!isManaged(tags, prefix)) return notManaged(tags)
  const [inline, attached] = await Promise.all([
    unlessAbsent(() => iam.send(new ListRolePoliciesCommand(role))),
    unlessAbsent(() => iam.send(new ListAttachedRolePoliciesCommand(role))),
  ])
  for (const PolicyName of inline?.PolicyNames ?? []) {
    await unlessAbsent(() => iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName })))
  }
  for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
    await unlessAbsent(() => iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn })))
  }
  await unlessAbsent(() => iam.send(new DeleteRoleCommand(role)))
  return { kind: 'removed' }
}
