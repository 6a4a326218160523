import { type Call, AwsError } from '../service.ts'
import type { RequiredPermission } from './required-permission.ts'
import type { Denial } from './decide.ts'

/**
 * AWS's error for what is not allowed, in each service's own code, status and spelling (`docs/discoveries/aws-iam.md`).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denied(call: Call, permission: RequiredPermission, denial: Denial): AwsError {
  // SQS writes actions in small letters, S3 its resources in quotation marks.
  const action = call.service === 'sqs' ? permission.action.toLowerCase() : permission.action
  const displayName = permission.displayName ?? permission.resource
  const quoted = call.service === 's3' ? `"${displayName}"` : displayName
  const where = displayName === '' ? '' : ` on resource: ${quoted}`
  const message = `User: ${call.caller.arn} is not authorized to perform: ${action}${where}${reasonOf(action, denial)}`
  const { code, status } = CODES[call.service] ?? { code: 'AccessDenied', status: 403 }
  return new AwsError(code, message, { status })
}

const CODES: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  lambda: { code: 'AccessDeniedException', status: 403 },
  secretsmanager: { code: 'AccessDeniedException', status: 400 },
}

function reasonOf(action: string, { explicit, kind }: Denial): string {
  // STS does not say which policy it was.
  if (action === 'sts:AssumeRole' && !explicit) return ''
  if (explicit) return ` with an explicit deny in ${kind === 'identity-based policy' ? 'an' : 'a'} ${kind}`
  return ` because no ${kind} allows the ${action} action`
}
