import type { Clock } from '../../clock.ts'
import { type Caller, AwsError } from '../../service.ts'
import { sqlOf, numberOf, optionalTextOf, textOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { openStsTables } from './sts-tables.ts'

/** The only account of this cloud. */
const ACCOUNT_ID = '000000000000'

/**
 * Finds the caller of an access key. Throws ExpiredToken for an expired session, and InvalidClientTokenId for a
 * session's key with a wrong or missing token. An unknown key is the account's root.
 */
export type CallerResolver = (accessKeyId: string | undefined, sessionToken?: string) => Caller

/** Resolves against the sessions in the store. */
export function createCallerResolver(store: Store, clock: Clock): CallerResolver {
  openStsTables(store)
  const sql = sqlOf(store)
  return (accessKeyId, sessionToken) => {
    const row =
      accessKeyId === undefined ? undefined : sql.one('SELECT * FROM sts_sessions WHERE access_key_id = ?', accessKeyId)
    if (!row) return { accountId: ACCOUNT_ID, arn: `arn:aws:iam::${ACCOUNT_ID}:root` }
    if (textOf(row, 'token') !== sessionToken) {
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', {
        status: 403,
      })
    }
    if (numberOf(row, 'expires') <= clock.now()) {
      throw new AwsError('ExpiredToken', 'The security token included in the request is expired', { status: 403 })
    }
    const roleName = optionalTextOf(row, 'role')
    const policies = readPolicies(textOf(row, 'policies'))
    return {
      accountId: textOf(row, 'account'),
      arn: textOf(row, 'arn'),
      ...(roleName !== undefined && { roleName }),
      ...(policies.length > 0 && { sessionPolicies: policies }),
    }
  }
}

function readPolicies(json: string): readonly string[] {
  const policies: unknown = JSON.parse(json)
  return Array.isArray(policies) ? policies.filter((policy) => typeof policy === 'string') : []
}
