import type {
  GetResourcePolicyRequest,
  PutResourcePolicyRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-secrets-manager'
import { readPolicy } from '../../authorization/read-policy.ts'
import { type Call, type Operation, AwsError } from '../../service.ts'
import { requireLiveSecret } from './secret-record.ts'
import { removeTags, writeTags } from './secret-tags.ts'
import type { SecretsContext } from './secrets-context.ts'

/** Tags and the resource policy of a secret. */
export function createResourceOperations(context: SecretsContext): Record<string, Operation> {
  const { sql } = context
  const setPolicy = (id: string | undefined, call: Call, policy: string | null): object => {
    const secret = requireLiveSecret(context, id, call)
    sql.run('UPDATE sm_secrets SET policy = ? WHERE id = ?', policy, secret.id)
    return { ARN: secret.arn, Name: secret.name }
  }

  return {
    TagResource: (input: TagResourceRequest, call: Call) => {
      const { id } = requireLiveSecret(context, input.SecretId, call)
      sql.atomically(() => writeTags(sql, id, input.Tags))
      return {}
    },
    UntagResource: (input: UntagResourceRequest, call: Call) => {
      removeTags(sql, requireLiveSecret(context, input.SecretId, call).id, input.TagKeys)
      return {}
    },

    PutResourcePolicy: (input: PutResourcePolicyRequest, call: Call) =>
      setPolicy(input.SecretId, call, checkPolicy(input.ResourcePolicy ?? '')),
    GetResourcePolicy: (input: GetResourcePolicyRequest, call: Call) => {
      const { arn, name, policy } = requireLiveSecret(context, input.SecretId, call)
      return { ARN: arn, Name: name, ...(policy !== undefined && { ResourcePolicy: policy }) }
    },
    DeleteResourcePolicy: (input: GetResourcePolicyRequest, call: Call) => setPolicy(input.SecretId, call, null),
  }
}

/** Rejects a policy that could not be evaluated later. */
function checkPolicy(text: string): string {
  const read = readPolicy(text)
  if (read.ok && read.statements.length > 0) return text
  const message = 'This resource policy contains invalid Json'
  const problem = read.ok ? 'it has no Statement' : read.problem
  throw new AwsError('MalformedPolicyDocumentException', `${message}: ${problem}`)
}
