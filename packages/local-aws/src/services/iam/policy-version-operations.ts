import type {
  CreatePolicyVersionCommandInput,
  DeletePolicyVersionCommandInput,
  GetPolicyVersionCommandInput,
  ListPolicyVersionsCommandInput,
  PolicyVersion,
  SetDefaultPolicyVersionCommandInput,
} from '@aws-sdk/client-iam'
import { type Row, numberOf, textOf, type Sql } from '../../sql.ts'
import { encodeDocument } from './encode-document.ts'
import type { IamContext } from './iam-context.ts'
import { deleteConflict, limitExceeded, notAttachable, validationError } from './iam-errors.ts'
import { pageOf } from './page-results.ts'
import { checkManagedDocument } from './check-policy-document.ts'
import { type PolicyRecord, checkArn, findDocument, findManagedPolicy, requirePolicy } from './policy-record.ts'

const MAX_VERSIONS = 5

// Versions of managed policies: five at most, one of them the default.

export function createPolicyVersion({ sql, clock }: IamContext, input: CreatePolicyVersionCommandInput): object {
  const policy = requirePolicy(sql, input.PolicyArn)
  const document = checkManagedDocument(input.PolicyDocument)
  return sql.atomically(() => {
    if (versionsOf(sql, policy.arn).length >= MAX_VERSIONS) {
      throw limitExceeded(
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
      )
    }
    const version = policy.lastVersion + 1
    const isDefault = input.SetAsDefault === true
    const now = clock.now()
    sql.run(
      'INSERT INTO iam_policy_versions (arn, version, document, created) VALUES (?, ?, ?, ?)',
      policy.arn,
      version,
      document,
      now,
    )
    sql.run(
      'UPDATE iam_policies SET last_version = ?, default_version = ?, updated = ? WHERE arn = ?',
      version,
      isDefault ? version : policy.defaultVersion,
      now,
      policy.arn,
    )
    return { PolicyVersion: { VersionId: `v${version}`, IsDefaultVersion: isDefault, CreateDate: new Date(now) } }
  })
}

export function getPolicyVersion({ sql }: IamContext, input: GetPolicyVersionCommandInput): object {
  const managed = findManagedPolicy(sql, checkArn(input.PolicyArn))
  if (managed) {
    const document = findDocument(sql, managed.arn, versionNumber(input.VersionId))
    if (document === undefined) throw notAttachable(`${managed.arn} version ${input.VersionId ?? ''}`)
    return {
      PolicyVersion: {
        Document: encodeDocument(document),
        VersionId: input.VersionId,
        IsDefaultVersion: true,
        CreateDate: new Date(managed.created),
      },
    }
  }
  const policy = requirePolicy(sql, input.PolicyArn)
  const row = requireVersion(sql, policy, input.VersionId)
  return { PolicyVersion: { Document: encodeDocument(textOf(row, 'document')), ...describeVersion(policy, row) } }
}

export function listPolicyVersions({ sql }: IamContext, input: ListPolicyVersionsCommandInput): object {
  const managed = findManagedPolicy(sql, checkArn(input.PolicyArn))
  if (managed) {
    const only = { VersionId: 'v1', IsDefaultVersion: true, CreateDate: new Date(managed.created) }
    return { Versions: [only], IsTruncated: false }
  }
  const policy = requirePolicy(sql, input.PolicyArn)
  const versions = versionsOf(sql, policy.arn).map((row) => describeVersion(policy, row))
  const { items, ...rest } = pageOf(versions, input, (version) => version.VersionId ?? '')
  return { Versions: items, ...rest }
}

export function setDefaultPolicyVersion(
  { sql, clock }: IamContext,
  input: SetDefaultPolicyVersionCommandInput,
): object {
  const policy = requirePolicy(sql, input.PolicyArn)
  const version = numberOf(requireVersion(sql, policy, input.VersionId), 'version')
  sql.run('UPDATE iam_policies SET default_version = ?, updated = ? WHERE arn = ?', version, clock.now(), policy.arn)
  return {}
}

export function deletePolicyVersion({ sql }: IamContext, input: DeletePolicyVersionCommandInput): object {
  const policy = requirePolicy(sql, input.PolicyArn)
  const version = numberOf(requireVersion(sql, policy, input.VersionId), 'version')
  if (version === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.')
  sql.run('DELETE FROM iam_policy_versions WHERE arn = ? AND version = ?', policy.arn, version)
  return {}
}

function versionsOf(sql: Sql, arn: string): readonly Row[] {
  return sql.all('SELECT version, created, document FROM iam_policy_versions WHERE arn = ? ORDER BY version DESC', arn)
}

function requireVersion(sql: Sql, policy: PolicyRecord, id: string | undefined): Row {
  const number = versionNumber(id)
  const row = versionsOf(sql, policy.arn).find((version) => numberOf(version, 'version') === number)
  if (!row) throw notAttachable(`${policy.arn} version ${id ?? ''}`)
  return row
}

function versionNumber(id: string | undefined): number {
  if (id === undefined || !/^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/.test(id)) {
    throw validationError(
      `1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?`,
    )
  }
  return Number.parseInt(id.slice(1), 10)
}

function describeVersion(policy: PolicyRecord, row: Row): PolicyVersion {
  const version = numberOf(row, 'version')
  return {
    VersionId: `v${version}`,
    IsDefaultVersion: version === policy.defaultVersion,
    CreateDate: new Date(numberOf(row, 'created')),
  }
}
