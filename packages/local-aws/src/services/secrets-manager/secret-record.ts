import type { Call } from '../../service.ts'
import { type Row, numberOf, optionalNumberOf, optionalTextOf, textOf } from '../../sql.ts'
import type { SecretsContext } from './secrets-context.ts'
import { markedForDeletion, notFound, validationError } from './secrets-errors.ts'

/** A secret as stored, without its values; times are milliseconds since the epoch. */
export interface SecretRecord {
  readonly id: number
  readonly name: string
  readonly arn: string
  readonly description: string | undefined
  readonly kmsKey: string | undefined
  readonly type: string | undefined
  readonly policy: string | undefined
  readonly created: number
  readonly changed: number
  /** The day of the last read, as on AWS: midnight UTC. */
  readonly accessed: number | undefined
  /** When it will be deleted finally; set during its recovery window. */
  readonly purgeAt: number | undefined
}

/** What a lookup of a secret needs. */
type SecretsLookup = Pick<SecretsContext, 'sql' | 'clock'>

/** The account and region of a lookup. */
export type SecretPlace = Pick<Call, 'caller' | 'region'>

/**
 * The secret of a name, a whole ARN, or an ARN without its six random characters; undefined after its recovery
 * window. The caller must check for a secret that is marked for deletion.
 */
export function findSecret(context: SecretsLookup, id: string, place: SecretPlace): SecretRecord | undefined {
  const { sql, clock } = context
  sql.run('DELETE FROM sm_secrets WHERE purge_at <= ?', clock.now())
  const { account, region, name } = readSecretId(id, place)
  const row = id.startsWith('arn:')
    ? (sql.one('SELECT * FROM sm_secrets WHERE arn = ?', id) ?? byName(context, [account, region, name]))
    : byName(context, [account, region, name])
  return row && readSecret(row)
}

/** The same, or ResourceNotFoundException. */
export function requireSecret(context: SecretsContext, id: string | undefined, place: SecretPlace): SecretRecord {
  const secret = findSecret(context, id ?? '', place)
  if (!secret) throw notFound()
  return secret
}

/** The same, and InvalidRequestException for one that is marked for deletion. */
export function requireLiveSecret(context: SecretsContext, id: string | undefined, place: SecretPlace): SecretRecord {
  const secret = requireSecret(context, id, place)
  if (secret.purgeAt !== undefined) throw markedForDeletion()
  return secret
}

/** All secrets of the caller's account and region, newest first. */
export function allSecrets({ sql, clock }: SecretsContext, { caller, region }: SecretPlace): readonly SecretRecord[] {
  sql.run('DELETE FROM sm_secrets WHERE purge_at <= ?', clock.now())
  return sql
    .all(
      'SELECT * FROM sm_secrets WHERE account = ? AND region = ? ORDER BY created DESC, id DESC',
      caller.accountId,
      region,
    )
    .map((row) => readSecret(row))
}

function byName({ sql }: SecretsLookup, [account, region, name]: readonly [string, string, string]): Row | undefined {
  return sql.one('SELECT * FROM sm_secrets WHERE account = ? AND region = ? AND name = ?', account, region, name)
}

function readSecretId(id: string, { caller, region }: SecretPlace): { account: string; region: string; name: string } {
  const arn = /^arn:aws:secretsmanager:([^:]*):(\d*):secret:(.+)$/.exec(id)
  if (!arn) return { account: caller.accountId, region, name: id }
  return { region: arn[1] ?? '', account: arn[2] ?? '', name: arn[3] ?? '' }
}

function readSecret(row: Row): SecretRecord {
  return {
    id: numberOf(row, 'id'),
    name: textOf(row, 'name'),
    arn: textOf(row, 'arn'),
    description: optionalTextOf(row, 'description'),
    kmsKey: optionalTextOf(row, 'kms_key'),
    type: optionalTextOf(row, 'type'),
    policy: optionalTextOf(row, 'policy'),
    created: numberOf(row, 'created'),
    changed: numberOf(row, 'changed'),
    accessed: optionalNumberOf(row, 'accessed'),
    purgeAt: optionalNumberOf(row, 'purge_at'),
  }
}

const MAX_DESCRIPTION = 2048

/** A description of 2,048 characters at most. */
export function checkDescription(description: string | undefined): string | undefined {
  if (description !== undefined && description.length > MAX_DESCRIPTION) {
    throw validationError(
      `1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to ${MAX_DESCRIPTION}`,
    )
  }
  return description
}
