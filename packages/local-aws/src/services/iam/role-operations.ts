import type {
  CreateRoleCommandInput,
  DeleteRoleCommandInput,
  GetRoleCommandInput,
  ListRolesCommandInput,
  Role,
  UpdateAssumeRolePolicyCommandInput,
  UpdateRoleCommandInput,
} from '@aws-sdk/client-iam'
import { pickCharacters, UPPER_AND_DIGITS } from '../../random.ts'
import { type Call, AwsError } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import { checkLength, checkName, checkPath, checkRange } from './check-parameters.ts'
import { checkTrustPolicy } from './check-policy-document.ts'
import { encodeDocument } from './encode-document.ts'
import type { IamContext } from './iam-context.ts'
import { deleteConflict, limitExceeded } from './iam-errors.ts'
import { pageOf } from './page-results.ts'
import { requireBoundary } from './policy-record.ts'
import { type RoleRecord, allRoles, requireRole, roleArn } from './role-record.ts'
import { dropTags, readTags, writeTags } from './tags.ts'

const MAX_TRUST_CHARACTERS = 2048
const SESSION_SECONDS = { min: 3600, max: 43_200 }

export function createRole({ sql, clock, random }: IamContext, input: CreateRoleCommandInput, call: Call): object {
  const account = call.caller.accountId
  const name = checkName('roleName', input.RoleName, 64)
  const path = checkPath(input.Path)
  const trust = checkTrust(input.AssumeRolePolicyDocument)
  const maxSession = checkRange('maxSessionDuration', input.MaxSessionDuration ?? 3600, SESSION_SECONDS)
  const description = checkDescription(input.Description)
  const boundary = input.PermissionsBoundary && requireBoundary(sql, input.PermissionsBoundary).arn
  return sql.atomically(() => {
    if (sql.one('SELECT 1 FROM iam_roles WHERE account = ? AND name = ?', account, name)) {
      throw new AwsError('EntityAlreadyExistsException', `Role with name ${name} already exists.`)
    }
    sql.run(
      'INSERT INTO iam_roles (account, name, path, id, trust, description, max_session, boundary, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      account,
      name,
      path,
      `AROA${pickCharacters(random, UPPER_AND_DIGITS, 17)}`,
      trust,
      description ?? null,
      maxSession,
      boundary || null,
      clock.now(),
    )
    writeTags(sql, roleArn(account, path, name), input.Tags)
    // Recorded on AWS: only GetRole and ListRoles return the maximum session duration.
    return { Role: { ...describeRole(sql, requireRole(sql, account, name)), MaxSessionDuration: undefined } }
  })
}

export function getRole({ sql }: IamContext, input: GetRoleCommandInput, call: Call): object {
  return {
    Role: { ...describeRole(sql, requireRole(sql, call.caller.accountId, input.RoleName)), RoleLastUsed: {} },
  }
}

export function listRoles({ sql }: IamContext, input: ListRolesCommandInput, call: Call): object {
  const prefix = input.PathPrefix ?? '/'
  const roles = allRoles(sql, call.caller.accountId).filter((role) => role.path.startsWith(prefix))
  const { items, ...rest } = pageOf(roles, input, (role) => role.name)
  return { Roles: items.map((role) => summariseRole(role)), ...rest }
}

export function updateRole({ sql }: IamContext, input: UpdateRoleCommandInput, call: Call): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const seconds = checkRange('maxSessionDuration', input.MaxSessionDuration ?? role.maxSession, SESSION_SECONDS)
  sql.run(
    'UPDATE iam_roles SET description = ?, max_session = ? WHERE account = ? AND name = ?',
    checkDescription(input.Description) ?? role.description ?? null,
    seconds,
    role.account,
    role.name,
  )
  return {}
}

export function updateAssumeRolePolicy(
  { sql }: IamContext,
  input: UpdateAssumeRolePolicyCommandInput,
  call: Call,
): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const trust = checkTrust(input.PolicyDocument)
  sql.run('UPDATE iam_roles SET trust = ? WHERE account = ? AND name = ?', trust, role.account, role.name)
  return {}
}

export function deleteRole({ sql }: IamContext, input: DeleteRoleCommandInput, call: Call): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  return sql.atomically(() => {
    if (sql.one('SELECT 1 FROM iam_attachments WHERE account = ? AND role = ?', role.account, role.name)) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    if (sql.one('SELECT 1 FROM iam_role_policies WHERE account = ? AND role = ?', role.account, role.name)) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    sql.run('DELETE FROM iam_roles WHERE account = ? AND name = ?', role.account, role.name)
    dropTags(sql, role.arn)
    return {}
  })
}

export function listInstanceProfilesForRole(
  { sql }: IamContext,
  input: { readonly RoleName?: string },
  call: Call,
): object {
  requireRole(sql, call.caller.accountId, input.RoleName)
  return { InstanceProfiles: [], IsTruncated: false }
}

function checkTrust(document: string | undefined): string {
  const trust = checkLength('assumeRolePolicyDocument', document, { min: 1, max: 131_072 })
  checkTrustPolicy(trust)
  if (trust.replaceAll(/\s/g, '').length > MAX_TRUST_CHARACTERS) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST_CHARACTERS}`)
  }
  return trust
}

function checkDescription(description: string | undefined): string | undefined {
  return description === undefined ? undefined : checkLength('description', description, { min: 0, max: 1000 })
}

function summariseRole(role: RoleRecord): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.created),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSession,
  }
}

/** AWS answers "Policy" as the boundary's type, although its schema says "PermissionsBoundaryPolicy". */
function describeRole(sql: Sql, role: RoleRecord): object {
  const tags = readTags(sql, role.arn)
  return {
    ...summariseRole(role),
    ...(role.boundary !== undefined && {
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
    }),
    ...(tags.length > 0 && { Tags: tags }),
  }
}
