import type { PolicyDocument, Statement } from './policy-document.ts'
import { policyOf } from './policy-document.ts'
import { denyPlainHttp } from './deny-plain-http.ts'

/** Folders in which nothing that is there is ever written again. */
const CREATED_ONCE = ['tickets', 'token-teams']

/**
 * The bucket's own policy, which outweighs what any role or person may: TLS only, this account only, and no write that
 * does not say what it expects to find. Every write of ours carries `If-None-Match` or `If-Match`; one without would
 * overwrite whatever is there. Uploads in parts and copies, which we never make, are refused with it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function guardBucket(bucketArn: string, accountId: string): PolicyDocument {
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
