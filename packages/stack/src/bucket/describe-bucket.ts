import type { Arns } from '../desired/arns.ts'
import type { DesiredBucket } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import { type PolicyDocument, type Statement, policyOf } from '../policy/policy-document.ts'
import { denyPlainHttp } from '../policy/deny-plain-http.ts'

/** The bucket of tickets, ledger and dead letters. No rule expires anything in it. */
export function describeBucket({
  prefix,
  system,
  name,
  arns,
  accountId,
}: {
  readonly prefix: string
  readonly system: string
  readonly name: string
  readonly arns: Arns
  readonly accountId: string
}): DesiredBucket {
  const arn = arns.bucket(name)
  const wanted = { name, encryption: 'AES256', policy: guardBucket(arn, accountId) } as const
  return { ...wanted, arn, tags: { ...tagsFor(prefix, wanted), system } }
}

/** Folders whose objects are never overwritten. */
const CREATED_ONCE = ['tickets', 'token-teams', 'index', 'places', 'people']

/**
 * The bucket's own policy, which no role's or person's policy can override: TLS only, this account only, and only writes
 * with a condition. Every write of ours carries `If-None-Match` or `If-Match`; one without would overwrite what exists.
 * This also refuses multipart uploads and copies, which we never make.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
function guardBucket(bucketArn: string, accountId: string): PolicyDocument {
  const resources = [bucketArn, `${bucketArn}/*`]
  return policyOf(
    ...denyPlainHttp('s3', resources).Statement,
    deny('ThisAccountOnly', {
      Action: ['s3:*'],
      Resource: resources,
      // AWS's own services (access logs, inventories) have no account.
      Condition: {
        StringNotEquals: { 'aws:PrincipalAccount': accountId },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
    deny('ConditionalWritesOnly', {
      Action: ['s3:PutObject'],
      Resource: [`${bucketArn}/*`],
      Condition: { Null: { 's3:if-match': 'true', 's3:if-none-match': 'true' } },
    }),
    deny('NothingTwice', {
      Action: ['s3:PutObject'],
      Resource: CREATED_ONCE.map((folder) => `${bucketArn}/${folder}/*`),
      Condition: { Null: { 's3:if-none-match': 'true' } },
    }),
  )
}

function deny(Sid: string, rest: Omit<Statement, 'Sid' | 'Effect' | 'Principal'>): Statement {
  return { Sid, Effect: 'Deny', Principal: '*', ...rest }
}
