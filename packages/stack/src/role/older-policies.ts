import {
  type IAMClient,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam'
import { nameOf, unlessAbsent } from '../aws-errors.ts'
import { isNotAllowed } from '../explain-error.ts'
import { StackError } from '../resource.ts'

/** A managed policy of the older system, which gave its roles one or two each. */
export interface OlderPolicy {
  readonly name: string
  readonly arn: string
}

/** The older system's policies that are attached to a role; a person's own are none of them. */
export async function findOlderPolicies(iam: IAMClient, RoleName: string): Promise<readonly OlderPolicy[]> {
  const own = RoleName.replace(/Role$/, 'Policy')
  const list = await unlessAbsent(() => iam.send(new ListAttachedRolePoliciesCommand({ RoleName })))
  return (list?.AttachedPolicies ?? []).flatMap(({ PolicyName: name, PolicyArn: arn }) =>
    arn !== undefined && (name === own || name === `${own}-s3`) ? [{ name, arn }] : [],
  )
}

/** Takes a policy off its role and deletes it. It stays where another role or user has it, too. */
export async function removeOlderPolicy(
  iam: IAMClient,
  { RoleName, policy: { name, arn: PolicyArn } }: { readonly RoleName: string; readonly policy: OlderPolicy },
): Promise<void> {
  await unlessAbsent(() => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })))
  try {
    const list = await unlessAbsent(() => iam.send(new ListPolicyVersionsCommand({ PolicyArn })))
    for (const { VersionId, IsDefaultVersion } of list?.Versions ?? [])
      if (!IsDefaultVersion) await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
    await unlessAbsent(() => iam.send(new DeletePolicyCommand({ PolicyArn })))
  } catch (error) {
    if (nameOf(error).startsWith('DeleteConflict')) return
    if (!isNotAllowed(error)) throw error
    throw new StackError(
      {
        code: 'needs-administrator',
        resource: { kind: 'policy', name },
        problem: 'the older system made it, no role needs it any more, and these credentials may not delete it',
        todo: `Only an administrator of the account may: aws iam delete-policy --policy-arn ${PolicyArn}; then run this again.`,
      },
      error,
    )
  }
}
