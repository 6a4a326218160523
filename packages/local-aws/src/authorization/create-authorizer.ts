import type { Clock } from '../clock.ts'
import { findBucket } from '../services/s3/find-bucket.ts'
import type { AwsError, Authorizer, Call } from '../service.ts'
import type { Sql } from '../sql.ts'
import type { Store } from '../store.ts'
import type { Input } from './access/access.ts'
import { accessTables } from './access-tables.ts'
import { anonymousDenied, blocksPublicAccess, allowsAnonymous, missingToken } from './anonymous.ts'
import { denied } from './denied.ts'
import { evaluateAccess, openPolicies } from './evaluate-access.ts'
import type { RequiredPermission } from './required-permission.ts'

/**
 * Enforces the policies in the store: of roles and their sessions, of queues, buckets, secrets and functions. The
 * account's root may do everything that no resource's policy denies.
 */
export function createAuthorizer({ store, clock }: { readonly store: Store; readonly clock: Clock }): Authorizer {
  const sql = openPolicies(store)
  const deny = (call: Call, permission: RequiredPermission): AwsError | undefined => {
    if (isAlwaysAllowed(call)) return undefined
    if (call.caller.anonymous && blocksPublicAccess(sql, permission)) return anonymousDenied(call)
    const denial = evaluateAccess({ sql, call, permission, now: clock.now() })
    if (!denial) return undefined
    return call.caller.anonymous ? anonymousDenied(call) : denied(call, permission, denial)
  }

  return {
    deny,
    authorize(call, input) {
      if (call.caller.anonymous && !allowsAnonymous(call.service)) throw missingToken(call)
      const access = accessTables[call.service]?.[call.operation]
      if (!access) throw new Error(`no access rule for ${call.service}:${call.operation}`)
      // S3 answers NoSuchBucket to every caller.
      if (call.service === 's3' && isOfMissingBucket(sql, call, input)) return
      const permissions = access(input, { call, sql, clock })
      for (const permission of 'action' in permissions ? [permissions] : permissions) {
        const error = deny(call, permission)
        if (error) throw error
      }
    },
  }
}

const ALWAYS_ALLOWED_TO_ROOT = new Set(['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'])

/**
 * The account's root can always repair a bucket's policy
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html).
 */
function isAlwaysAllowed({ service, operation, caller }: Call): boolean {
  return caller.roleName === undefined && !caller.anonymous && service === 's3' && ALWAYS_ALLOWED_TO_ROOT.has(operation)
}

function isOfMissingBucket(sql: Sql, { operation }: Call, { Bucket }: Input): boolean {
  return operation !== 'CreateBucket' && typeof Bucket === 'string' && !findBucket(sql, Bucket)
}
