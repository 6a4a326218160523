import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { unlessAbsent } from '../aws-errors.ts'
import { different, differentDocument, touches, updateOf } from '../compare.ts'
import type { DesiredRole } from '../desired/desired-stack.ts'
import type { Tags } from '../desired/tags.ts'
import { isNotAllowed } from '../explain-error.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change, Resource } from '../resource.ts'
import { StackError } from '../resource.ts'

export interface ObservedRole {
  readonly boundary?: string
  readonly trust: string
  readonly policy?: string
  readonly tags: Tags
}

/** Roles: who may take them, what bounds them, one inline policy, tags. Policies that somebody attached are left alone. */
export const roleKind: Kind<DesiredRole, ObservedRole> = { resource: resourceOf, observe, compare, execute }

function resourceOf({ name }: DesiredRole): Resource {
  return { kind: 'role', name }
}

async function observe({ name, policyName }: DesiredRole, { clients }: Context): Promise<ObservedRole | undefined> {
  const [role, policy] = await Promise.all([
    unlessAbsent(() => clients.iam.send(new GetRoleCommand({ RoleName: name }))),
    unlessAbsent(() => clients.iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policyName }))),
  ])
  if (!role?.Role) return undefined
  const boundary = role.Role.PermissionsBoundary?.PermissionsBoundaryArn
  return {
    ...(boundary !== undefined && { boundary }),
    trust: decodeURIComponent(role.Role.AssumeRolePolicyDocument ?? ''),
    ...(policy?.PolicyDocument && { policy: decodeURIComponent(policy.PolicyDocument) }),
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
  // Before its policy: what is written into a role is always bounded.
  if (observed && touches(change, 'permissions boundary'))
    await clients.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }))
  if (observed && touches(change, 'trust')) await changeTrust(desired, trust, clients)
  if (!observed || touches(change, 'policy')) {
    const PolicyDocument = JSON.stringify(desired.policy)
    await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))
  }
  if (observed && touches(change, 'tag ')) await clients.iam.send(new TagRoleCommand({ RoleName, Tags }))
}

/**
 * An operator may not change who takes a role. It is not made again instead: a function whose role went away loses the
 * right to decrypt its environment, also when a role of that name is back.
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
        problem: 'its trust policy (who may take the role) was changed, and these credentials may not change it back',
        todo: `Only an administrator of the account may: aws iam update-assume-role-policy --role-name ${RoleName} --policy-document '${PolicyDocument}'`,
      },
      error,
    )
  }
}
