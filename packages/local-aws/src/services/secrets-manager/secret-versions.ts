import { type Sql, textOf } from '../../sql.ts'
import { pickUuid } from '../../random.ts'
import type { SecretRecord } from './secret-record.ts'
import { type SecretValue, isSameValue, readValue } from './secret-value.ts'
import type { SecretsContext } from './secrets-context.ts'
import { alreadyExists, invalidParameter } from './secrets-errors.ts'

export const CURRENT = 'AWSCURRENT'
const PREVIOUS = 'AWSPREVIOUS'

/** Number of versions without a stage to keep; AWS removes old ones at an undocumented time. */
const KEPT_DEPRECATED = 100

/** A version's id is the request's token, so that a repeated request creates no second version. */
export function versionIdOf({ random }: SecretsContext, token: string | undefined): string {
  if (token === undefined) return pickUuid(random)
  if (token.length < 32 || token.length > 64)
    throw invalidParameter('ClientRequestToken must be 32-64 characters long.')
  return token
}

export interface NewVersion {
  readonly id: string
  readonly value: SecretValue
  readonly stages: readonly string[]
}

/**
 * Adds a version and moves the stages to it; the current version becomes the previous one. The same id with the same
 * value changes nothing; with another value it is an error. Inside a transaction.
 */
export function addVersion(context: SecretsContext, secret: SecretRecord, { id, value, stages }: NewVersion): void {
  const { sql, clock } = context
  const existing = sql.one('SELECT text, bytes FROM sm_versions WHERE secret = ? AND id = ?', secret.id, id)
  if (existing) {
    if (isSameValue(readValue(existing), value)) return
    throw alreadyExists(
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    )
  }
  sql.run(
    `INSERT INTO sm_versions (secret, id, text, bytes, created, number)
      VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(number), 0) + 1 FROM sm_versions WHERE secret = ?1))`,
    secret.id,
    id,
    'text' in value ? value.text : null,
    'bytes' in value ? value.bytes : null,
    clock.now(),
  )
  const isFirst = stageOwner(sql, secret.id, CURRENT) === undefined
  for (const stage of new Set(isFirst ? [...stages, CURRENT] : stages)) moveStage(sql, secret.id, { stage, to: id })
  sql.run('UPDATE sm_secrets SET changed = ? WHERE id = ?', clock.now(), secret.id)
  dropDeprecated(sql, secret.id)
}

/** Moves a stage to a version; moving AWSCURRENT leaves AWSPREVIOUS where it was. */
export function moveStage(
  sql: Sql,
  secret: number,
  { stage, to }: { readonly stage: string; readonly to: string },
): void {
  const from = stageOwner(sql, secret, stage)
  if (from === to) return
  sql.run('INSERT OR REPLACE INTO sm_stages (secret, stage, version) VALUES (?, ?, ?)', secret, stage, to)
  if (stage === CURRENT && from !== undefined) moveStage(sql, secret, { stage: PREVIOUS, to: from })
}

/** The version that a stage names. */
export function stageOwner(sql: Sql, secret: number, stage: string): string | undefined {
  const row = sql.one('SELECT version FROM sm_stages WHERE secret = ? AND stage = ?', secret, stage)
  return row && textOf(row, 'version')
}

/** The stages of one version. */
export function stagesOf(sql: Sql, secret: number, version: string): string[] {
  return sql
    .all('SELECT stage FROM sm_stages WHERE secret = ? AND version = ? ORDER BY stage', secret, version)
    .map((row) => textOf(row, 'stage'))
}

/** Every version that has a stage, with its stages. */
export function stagesByVersion(sql: Sql, secret: number): Record<string, string[]> {
  const versions: Record<string, string[]> = {}
  for (const row of sql.all('SELECT version, stage FROM sm_stages WHERE secret = ? ORDER BY stage', secret)) {
    ;(versions[textOf(row, 'version')] ??= []).push(textOf(row, 'stage'))
  }
  return versions
}

function dropDeprecated(sql: Sql, secret: number): void {
  sql.run(
    `DELETE FROM sm_versions WHERE secret = ?1 AND id IN (
      SELECT id FROM sm_versions WHERE secret = ?1 AND id NOT IN (SELECT version FROM sm_stages WHERE secret = ?1)
      ORDER BY number DESC LIMIT -1 OFFSET ?2)`,
    secret,
    KEPT_DEPRECATED,
  )
}
