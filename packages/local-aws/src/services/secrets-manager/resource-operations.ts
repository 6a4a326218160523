import type {
  GetResourcePolicyRequest,
  PutResourcePolicyRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-secrets-manager'
import { readPolicy } from '../../authorization/read-policy.ts'
import { type Call, AwsError } from '../../service.ts'
import { requireLiveSecret, type SecretRecord } from './secret-record.ts'
import { removeTags, writeTags } from './secret-tags.ts'
import type { SecretsContext } from './secrets-context.ts'

export function tagResource(context: SecretsContext, input: TagResourceRequest, call: Call): object {
  const { sql } = context
  const { id } = requireLiveSecret(context, input.SecretId, call)
  sql.atomically(() => writeTags(sql, id, input.Tags))
  return {}
}

export function untagResource(context: SecretsContext, input: UntagResourceRequest, call: Call): object {
  const { sql } = context
  removeTags(sql, requireLiveSecret(context, input.SecretId, call).id, input.TagKeys)
  return {}
}

export function putResourcePolicy(context: SecretsContext, input: PutResourcePolicyRequest, call: Call): object {
  return setPolicy(context, requireLiveSecret(context, input.SecretId, call), checkPolicy(input.ResourcePolicy ?? ''))
}

export function getResourcePolicy(context: SecretsContext, input: GetResourcePolicyRequest, call: Call): object {
  const { arn, name, policy } = requireLiveSecret(context, input.SecretId, call)
  return { ARN: arn, Name: name, ...(policy !== undefined && { ResourcePolicy: policy }) }
}

export function deleteResourcePolicy(context: SecretsContext, input: GetResourcePolicyRequest, call: Call): object {
  return setPolicy(context, requireLiveSecret(context, input.SecretId, call), null)
}

function setPolicy({ sql }: SecretsContext, secret: SecretRecord, policy: string | null): object {
  sql.run('UPDATE sm_secrets SET policy = ? WHERE id = ?', policy, secret.id)
  return { ARN: secret.arn, Name: secret.name }
}

/** Rejects a policy that could not be evaluated later. */
function checkPolicy(text: string): string {
  const read = readPolicy(text)
  if (read.ok && read.statements.length > 0) return text
  const message = 'This resource policy contains invalid Json'
  const problem = read.ok ? 'it has no Statement' : read.problem
  throw new AwsError('MalformedPolicyDocumentException', `${message}: ${problem}`)
}
