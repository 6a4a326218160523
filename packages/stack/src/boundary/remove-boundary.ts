import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam'
import { unlessAbsent } from '../aws-errors.ts'
import { createArns } from '../desired/arns.ts'
import { isManaged } from '../desired/tags.ts'
import { isNotAllowed } from '../explain-error.ts'
import type { Removal, RemovalContext, RemovalOutcome } from '../removal.ts'

/** Deletes the permissions boundary if it has our tags; it stays where only an administrator may delete it. */
export const removeBoundary: Removal = async (name, context) => {
  const PolicyArn = createArns(context).policy(name)
  const { iam } = context.clients
  const found = await unlessAbsent(() => iam.send(new GetPolicyCommand({ PolicyArn })))
  if (!found?.Policy) return { kind: 'absent' }
  const tags = Object.fromEntries((found.Policy.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  if (!isManaged(tags, context.prefix)) return { kind: 'left', why: 'not-managed' }
  try {
    return await remove(PolicyArn, context)
  } catch (error) {
    if (!isNotAllowed(error)) throw error
    return { kind: 'left', why: 'needs-administrator', todo: `aws iam delete-policy --policy-arn ${PolicyArn}` }
  }
}

async function remove(PolicyArn: string, { clients: { iam } }: RemovalContext): Promise<RemovalOutcome> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))
  for (const { VersionId, IsDefaultVersion } of Versions) {
    if (!IsDefaultVersion) await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
  }
  await unlessAbsent(() => iam.send(new DeletePolicyCommand({ PolicyArn })))
  return { kind: 'removed' }
}
