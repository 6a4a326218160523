import { type Row, type Sql, numberOf, optionalTextOf, textOf } from '../../sql.ts'
import { noSuchRole } from './iam-errors.ts'

/** A role as stored; times are milliseconds since the epoch, durations seconds. */
export interface RoleRecord {
  readonly account: string
  readonly name: string
  readonly path: string
  readonly id: string
  readonly arn: string
  readonly trust: string
  readonly description: string | undefined
  readonly maxSession: number
  readonly boundary: string | undefined
  readonly created: number
}

export function roleArn(account: string, path: string, name: string): string {
  return `arn:aws:iam::${account}:role${path}${name}`
}

/** The role of exactly this name, or undefined. */
export function findRole(sql: Sql, account: string, name: string): RoleRecord | undefined {
  const row = sql.one('SELECT * FROM iam_roles WHERE account = ? AND name = ? COLLATE BINARY', account, name)
  return row && readRole(row)
}

/** The role of exactly this name; NoSuchEntity when there is none. */
export function requireRole(sql: Sql, account: string, name: string | undefined): RoleRecord {
  const role = name === undefined ? undefined : findRole(sql, account, name)
  if (!role) throw noSuchRole(name ?? '')
  return role
}

/** The role of this ARN, path included, or undefined. */
export function findRoleByArn(sql: Sql, arn: string): RoleRecord | undefined {
  const parts = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn)
  const role = parts?.[1] && parts[2] ? findRole(sql, parts[1], parts[2]) : undefined
  return role?.arn === arn ? role : undefined
}

export function allRoles(sql: Sql, account: string): readonly RoleRecord[] {
  return sql.all('SELECT * FROM iam_roles WHERE account = ? ORDER BY name', account).map((row) => readRole(row))
}

function readRole(row: Row): RoleRecord {
  const [account, name, path] = [textOf(row, 'account'), textOf(row, 'name'), textOf(row, 'path')]
  return {
    account,
    name,
    path,
    id: textOf(row, 'id'),
    arn: roleArn(account, path, name),
    trust: textOf(row, 'trust'),
    description: optionalTextOf(row, 'description'),
    maxSession: numberOf(row, 'max_session'),
    boundary: optionalTextOf(row, 'boundary'),
    created: numberOf(row, 'created'),
  }
}
