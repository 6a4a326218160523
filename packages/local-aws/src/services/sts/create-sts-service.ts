import type { AssumeRoleCommandInput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts'
import { type Call, type Service, AwsError } from '../../service.ts'
import { sqlOf, textOf } from '../../sql.ts'
import { findRoleByArn } from '../iam/role-record.ts'
import { checkAssumeRole } from './check-assume-role.ts'
import { type RoleSessionOptions, createRoleSessionIssuer } from './role-sessions.ts'

/** STS: GetCallerIdentity, and sessions of roles. The authorizer checks a role's trust policy. */
export function createStsService(options: RoleSessionOptions): Service {
  const issueRoleSession = createRoleSessionIssuer(options)
  const sql = sqlOf(options.store)
  return {
    name: 'sts',
    operations: {
      GetCallerIdentity: (_input: unknown, { caller }: Call): Omit<GetCallerIdentityCommandOutput, '$metadata'> => {
        const session = sql.one('SELECT user_id FROM sts_sessions WHERE arn = ? ORDER BY expires DESC', caller.arn)
        const UserId = session ? textOf(session, 'user_id') : caller.accountId
        return { UserId, Account: caller.accountId, Arn: caller.arn }
      },

      AssumeRole: (input: AssumeRoleCommandInput, { caller }: Call) => {
        const { roleArn, sessionName, seconds, policies } = checkAssumeRole(input, caller)
        const role = findRoleByArn(sql, roleArn)
        if (!role) {
          throw new AwsError(
            'AccessDenied',
            `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
            { status: 403 },
          )
        }
        if (seconds > role.maxSession) {
          throw new AwsError(
            'ValidationError',
            'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
            { status: 400 },
          )
        }
        const session = issueRoleSession({ roleArn, sessionName, seconds, policies })
        const { accessKeyId, secretAccessKey, sessionToken, expiration } = session.credentials
        return {
          Credentials: {
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            SessionToken: sessionToken,
            Expiration: new Date(expiration),
          },
          AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
        }
      },
    },
  }
}
