import type { Policy } from '@aws-sdk/client-iam'
import { type Row, type Sql, numberOf, optionalTextOf, textOf } from '../../sql.ts'
import { AWS_MANAGED_POLICIES } from './aws-managed-policies.ts'
import { noSuchBoundary, noSuchPolicy, validationError } from './iam-errors.ts'

/** A customer managed policy as stored; times are milliseconds since the epoch. */
export interface PolicyRecord {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly id: string
  readonly description: string | undefined
  readonly created: number
  readonly updated: number
  readonly lastVersion: number
  readonly defaultVersion: number
  readonly attachments: number
  /** Number of roles that have it as boundary. */
  readonly bounds: number
}

const USES = `(SELECT count(*) FROM iam_attachments WHERE policy_arn = arn) AS attachments,
  (SELECT count(*) FROM iam_roles WHERE boundary = arn) AS bounds`
const SELECT = `SELECT *, ${USES} FROM iam_policies`

/** Rejects an invalid ARN, as AWS does before it looks for the policy. */
export function checkArn(arn: string | undefined): string {
  if (arn === undefined || !/^arn:[^:]+:iam::[^:]*:policy\/.+$/.test(arn)) {
    throw validationError('Invalid ARN:  Could not be parsed!')
  }
  return arn
}

export function findPolicy(sql: Sql, arn: string): PolicyRecord | undefined {
  const row = sql.one(`${SELECT} WHERE arn = ?`, arn)
  return row && readPolicy(row)
}

/** The customer managed policy of this ARN; NoSuchEntity when there is none. */
export function requirePolicy(sql: Sql, arn: string | undefined): PolicyRecord {
  const policy = findPolicy(sql, checkArn(arn))
  if (!policy) throw noSuchPolicy(checkArn(arn))
  return policy
}

/** A policy of this account or of AWS for use as a permissions boundary; NoSuchEntity if it does not exist. */
export function requireBoundary(sql: Sql, arn: string): PolicyRecord {
  const policy = findManagedPolicy(sql, checkArn(arn)) ?? findPolicy(sql, arn)
  if (!policy) throw noSuchBoundary(arn)
  return policy
}

/** Of this account and of AWS, sorted by name. */
export function allPolicies(sql: Sql, account: string): readonly PolicyRecord[] {
  const own = sql.all(`${SELECT} WHERE account = ?`, account).map((row) => readPolicy(row))
  const managed = [...AWS_MANAGED_POLICIES.keys()].flatMap((arn) => findManagedPolicy(sql, arn) ?? [])
  return [...own, ...managed].toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** A policy of AWS's own, in the shape of a stored one. */
export function findManagedPolicy(sql: Sql, arn: string): PolicyRecord | undefined {
  const managed = AWS_MANAGED_POLICIES.get(arn)
  if (!managed) return undefined
  const uses = sql.one(`SELECT ${USES} FROM (SELECT ? AS arn)`, arn)
  return {
    arn,
    name: managed.name,
    path: managed.path,
    id: `ANPA${Buffer.from(managed.name).toString('hex').toUpperCase().padEnd(17, '0').slice(0, 17)}`,
    description: undefined,
    created: 0,
    updated: 0,
    lastVersion: 1,
    defaultVersion: 1,
    attachments: uses ? numberOf(uses, 'attachments') : 0,
    bounds: uses ? numberOf(uses, 'bounds') : 0,
  }
}

/** The document of one version, of a customer's or of AWS's policy. */
export function findDocument(sql: Sql, arn: string, version: number): string | undefined {
  const managed = AWS_MANAGED_POLICIES.get(arn)
  if (managed) return version === 1 ? managed.document : undefined
  const row = sql.one('SELECT document FROM iam_policy_versions WHERE arn = ? AND version = ?', arn, version)
  return row && textOf(row, 'document')
}

/** The output of CreatePolicy, GetPolicy and ListPolicies. */
export function describePolicy(policy: PolicyRecord): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: `v${policy.defaultVersion}`,
    AttachmentCount: policy.attachments,
    PermissionsBoundaryUsageCount: policy.bounds,
    IsAttachable: true,
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.updated),
  }
}

function readPolicy(row: Row): PolicyRecord {
  return {
    arn: textOf(row, 'arn'),
    name: textOf(row, 'name'),
    path: textOf(row, 'path'),
    id: textOf(row, 'id'),
    description: optionalTextOf(row, 'description'),
    created: numberOf(row, 'created'),
    updated: numberOf(row, 'updated'),
    lastVersion: numberOf(row, 'last_version'),
    defaultVersion: numberOf(row, 'default_version'),
    attachments: numberOf(row, 'attachments'),
    bounds: numberOf(row, 'bounds'),
  }
}
