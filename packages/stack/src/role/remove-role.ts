import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import { unlessAbsent } from '../aws-errors.ts'
import { isManaged } from '../desired/tags.ts'
import type { Removal } from '../removal.ts'

/** Deletes the role and its inline policies if it has our tags; attached policies are only detached. */
export const removeRole: Removal = async (name, { clients, prefix }) => {
  const { iam } = clients
  const role = { RoleName: name }
  const found = await unlessAbsent(() => iam.send(new GetRoleCommand(role)))
  if (!found?.Role) return { kind: 'absent' }
  const tags = Object.fromEntries((found.Role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  if (!isManaged(tags, prefix)) return { kind: 'left', why: 'not-managed' }
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
