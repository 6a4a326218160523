import { findRoleByArn } from '../services/iam/role-record.ts'
import { readSettingText } from '../services/s3/bucket-settings.ts'
import { type Sql, optionalTextOf, textOf } from '../sql.ts'

/** The policy of the resource itself: of a queue, a bucket, a secret, a function; of a role its trust policy. */
export function findResourcePolicy(sql: Sql, arn: string): string | undefined {
  const [, , service, region = '', , ...rest] = arn.split(':')
  const name = rest.join(':')
  switch (service) {
    case 'sqs':
      return textIn(
        sql.one(
          "SELECT attributes ->> '$.Policy' AS policy FROM sqs_queues WHERE region = ? AND name = ?",
          region,
          name,
        ),
      )
    case 's3':
      return readSettingText(sql, name.split('/', 1)[0] ?? '', 'policy')
    case 'secretsmanager':
      return textIn(sql.one('SELECT policy FROM sm_secrets WHERE arn = ?', arn))
    case 'lambda':
      return functionPolicy(sql, region, rest)
    case 'iam':
      return findRoleByArn(sql, arn)?.trust
    default:
      return undefined
  }
}

function textIn(row: ReturnType<Sql['one']>): string | undefined {
  return row && optionalTextOf(row, 'policy')
}

function functionPolicy(
  sql: Sql,
  region: string,
  [kind, name = '', qualifier = '']: readonly string[],
): string | undefined {
  if (kind !== 'function') return undefined
  const row = sql.one(
    "SELECT json_object('Statement', json_extract(body, '$.statements')) AS policy FROM lambda_policies WHERE region = ? AND function = ? AND qualifier = ?",
    region,
    name,
    qualifier,
  )
  return row && textOf(row, 'policy')
}
