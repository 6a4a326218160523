import { readPublicAccessBlock } from '../services/s3/public-access-block.ts'
import { type Call, AwsError } from '../service.ts'
import type { Sql } from '../sql.ts'
import type { RequiredPermission } from './required-permission.ts'

/** Whether a service evaluates policies for anonymous callers; other services reject an unsigned request. */
export function allowsAnonymous(service: string): boolean {
  return service === 's3' || service === 'sqs'
}

/** `RestrictPublicBuckets`, on by default, denies anonymous callers even if the bucket's policy allows them. */
export function blocksPublicAccess(sql: Sql, { resource }: RequiredPermission): boolean {
  const bucket = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1]
  return bucket !== undefined && readPublicAccessBlock(sql, bucket)?.RestrictPublicBuckets === true
}

/** The error for an unsigned request that no policy allows: it reveals nothing about the resource. */
export function anonymousDenied({ service, operation, baseUrl }: Call): AwsError {
  if (service === 's3') return new AwsError('AccessDenied', 'Access Denied', { status: 403 })
  if (operation === 'ListQueues') return missingToken({ service })
  return new AwsError('AccessDenied', `Access to the resource ${baseUrl}/ is denied.`, { status: 403 })
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
export function missingToken({ service }: Pick<Call, 'service'>): AwsError {
  const isJson = service === 'secretsmanager' || service === 'lambda'
  if (!isJson)
    return new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 })
  const status = service === 'lambda' ? 403 : 400
  return new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status })
}
