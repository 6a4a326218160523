import type { Clock } from '../clock.ts'
import { openIamTables } from '../services/iam/iam-tables.ts'
import { openLambdaTables } from '../services/lambda/lambda-tables.ts'
import { findBucket } from '../services/s3/find-bucket.ts'
import { openS3Tables } from '../services/s3/s3-tables.ts'
import { openSecretsTables } from '../services/secrets-manager/secrets-tables.ts'
import { createSqsTables } from '../services/sqs/sqs-tables.ts'
import type { AwsError, Authorizer, Call } from '../service.ts'
import type { Sql } from '../sql.ts'
import { createSql } from '../sql.ts'
import type { Store } from '../store.ts'
import type { Input } from './access/access.ts'
import { accessTables } from './access-tables.ts'
import type { Denial, Policies } from './decide.ts'
import { decide } from './decide.ts'
import { denied } from './denied.ts'
import { findIdentityPolicies } from './identity-policies.ts'
import type { Need } from './need.ts'
import { readPolicy } from './read-policy.ts'
import { requestKeys } from './request-keys.ts'
import { findResourcePolicy } from './resource-policies.ts'
import type { Statement } from './statement.ts'

/**
 * Enforces the policies in the store: of roles and their sessions, of queues, buckets, secrets and functions. The
 * account's root may do everything that no resource's policy denies.
 */
export function createAuthorizer({ store, clock }: { readonly store: Store; readonly clock: Clock }): Authorizer {
  createSqsTables(store)
  openS3Tables(store)
  openSecretsTables(store)
  openIamTables(store)
  openLambdaTables(store)
  const sql = createSql(store)

  const deny = (call: Call, need: Need): AwsError | undefined => {
    if (isPardoned(call)) return undefined
    const denial = judge({ sql, call, need, now: clock.now() })
    return denial && denied(call, need, denial)
  }

  return {
    deny,
    authorize(call, input) {
      const access = accessTables[call.service]?.[call.operation]
      if (!access) throw new Error(`no access rule for ${call.service}:${call.operation}`)
      // S3 tells everybody that there is no such bucket.
      if (call.service === 's3' && isOfMissingBucket(sql, call, input)) return
      const needs = access(input, { call, sql, clock })
      for (const need of 'action' in needs ? [needs] : needs) {
        const error = deny(call, need)
        if (error) throw error
      }
    },
  }
}

function judge({ sql, call, need, now }: { sql: Sql; call: Call; need: Need; now: number }): Denial | undefined {
  const { caller } = call
  const { roleName } = caller
  const found = roleName === undefined ? undefined : findIdentityPolicies(sql, { ...caller, roleName })
  const own = findResourcePolicy(sql, need.resource)
  const policies: Policies = {
    identity: found && readAll(found.identity),
    boundary: found?.boundary && readAll(found.boundary),
    session: found?.session && readAll(found.session),
    // A trust policy decides on taking the role, not on changing it.
    resource: own === undefined || (need.resource.startsWith('arn:aws:iam:') && !need.byResource) ? [] : readAll([own]),
    resourceMustAllow: need.byResource === true,
  }
  const request = {
    action: need.action,
    resource: need.resource,
    valuesOf: requestKeys({ call, need, role: found?.role, sql, now }),
  }
  return decide(policies, request, { ...caller, roleArn: found?.role?.arn })
}

const ALLOW_NOTHING: readonly Statement[] = [
  {
    effect: 'Deny',
    actions: { negated: false, patterns: ['*'] },
    resources: undefined,
    principals: undefined,
    conditions: [],
  },
]

/** Policies were read when they were put; one that cannot be read now denies everything rather than being passed over. */
function readAll(documents: readonly string[]): readonly Statement[] {
  return documents.flatMap((document) => {
    const read = readPolicy(document)
    return read.ok ? read.statements : ALLOW_NOTHING
  })
}

const ALWAYS_ROOTS = new Set(['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'])

/** The account's root can always mend a bucket's policy (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html). */
function isPardoned({ service, operation, caller }: Call): boolean {
  return caller.roleName === undefined && service === 's3' && ALWAYS_ROOTS.has(operation)
}

function isOfMissingBucket(sql: Sql, { operation }: Call, { Bucket }: Input): boolean {
  return operation !== 'CreateBucket' && typeof Bucket === 'string' && !findBucket(sql, Bucket)
}
