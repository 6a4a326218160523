import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { unlessAbsent } from '../aws-errors.ts'
import { differentDocument, touches, updateOf } from '../compare.ts'
import type { DesiredRole } from '../desired/desired-stack.ts'
import type { Tags } from '../desired/tags.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change, Resource } from '../resource.ts'

export interface ObservedRole {
  readonly trust: string
  readonly policy?: string
  readonly tags: Tags
}

/** Roles: who may take them, one inline policy, tags. Policies that somebody attached are left alone. */
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
  return {
    trust: decodeURIComponent(role.Role.AssumeRolePolicyDocument ?? ''),
    ...(policy?.PolicyDocument && { policy: decodeURIComponent(policy.PolicyDocument) }),
    tags: Object.fromEntries((role.Role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  }
}

function compare(desired: DesiredRole, observed: ObservedRole | undefined): Change | undefined {
  const resource = resourceOf(desired)
  if (!observed) return { resource, action: 'create', differences: [] }
  const differences = [
    ...differentDocument('trust', observed.trust, JSON.stringify(desired.trust)),
    ...differentDocument('policy', observed.policy, JSON.stringify(desired.policy)),
  ]
  return updateOf({ resource, differences, wanted: desired.tags, found: observed.tags })
}

async function execute(
  { desired, observed, change }: Work<DesiredRole, ObservedRole>,
  { clients }: Context,
): Promise<void> {
  const { name: RoleName, policyName: PolicyName } = desired
  const Tags = Object.entries(desired.tags).map(([Key, Value]) => ({ Key, Value }))
  const trust = JSON.stringify(desired.trust)
  if (!observed) {
    await clients.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, Description: desired.description, Tags }),
    )
  } else if (touches(change, 'trust')) {
    await clients.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
  }
  if (!observed || touches(change, 'policy')) {
    const PolicyDocument = JSON.stringify(desired.policy)
    await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))
  }
  if (observed && touches(change, 'tag ')) await clients.iam.send(new TagRoleCommand({ RoleName, Tags }))
}
