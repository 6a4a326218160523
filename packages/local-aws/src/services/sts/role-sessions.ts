import type { Clock } from '../../clock.ts'
import { type RandomBytes, LETTERS_AND_DIGITS, pickCharacters, systemRandom, UPPER_AND_DIGITS } from '../../random.ts'
import { AwsError } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { openIamTables } from '../iam/iam-tables.ts'
import { findRoleByArn } from '../iam/role-record.ts'
import { openStsTables } from './sts-tables.ts'

/** A session's keys, valid until `expiration` (milliseconds since the epoch). */
export interface SessionCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: number
}

/** Credentials and their identity. */
export interface RoleSession {
  readonly credentials: SessionCredentials
  readonly arn: string
  /** `AROA…:name`. */
  readonly userId: string
}

export interface RoleSessionRequest {
  readonly roleArn: string
  readonly sessionName: string
  readonly seconds: number
  /** Session policies, stored for the authorizer. */
  readonly policies?: readonly string[]
}

export type RoleSessionIssuer = (request: RoleSessionRequest) => RoleSession

export interface RoleSessionOptions {
  readonly store: Store
  readonly clock: Clock
  /** @default the operating system's randomness */
  readonly random?: RandomBytes
}

/** Issues sessions of roles: for AssumeRole, and for functions. Throws AccessDenied for a missing role. */
export function createRoleSessionIssuer({
  store,
  clock,
  random = systemRandom,
}: RoleSessionOptions): RoleSessionIssuer {
  openIamTables(store)
  openStsTables(store)
  const sql = sqlOf(store)
  return ({ roleArn, sessionName, seconds, policies = [] }) => {
    const role = findRoleByArn(sql, roleArn)
    if (!role) throw new AwsError('AccessDenied', `The role ${roleArn} cannot be assumed.`, { status: 403 })
    const now = clock.now()
    const session: RoleSession = {
      credentials: createCredentials(random, now + seconds * 1000),
      arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
      userId: `${role.id}:${sessionName}`,
    }
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = session.credentials
    sql.atomically(() => {
      sql.run('DELETE FROM sts_sessions WHERE expires <= ?', now - KEPT_AFTER_EXPIRY)
      sql.run(
        'INSERT INTO sts_sessions (access_key_id, secret, token, account, arn, user_id, role, policies, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        accessKeyId,
        secretAccessKey,
        sessionToken,
        role.account,
        session.arn,
        session.userId,
        role.name,
        JSON.stringify(policies),
        expiration,
      )
    })
    return session
  }
}

/** How long an expired key is answered with ExpiredToken; later it is unknown. */
const KEPT_AFTER_EXPIRY = 7 * 24 * 3600 * 1000

function createCredentials(random: RandomBytes, expiration: number): SessionCredentials {
  return {
    accessKeyId: `ASIA${pickCharacters(random, UPPER_AND_DIGITS, 16)}`,
    secretAccessKey: pickCharacters(random, `${LETTERS_AND_DIGITS}+/`, 40),
    sessionToken: Buffer.from(random(192)).toString('base64'),
    expiration,
  }
}
