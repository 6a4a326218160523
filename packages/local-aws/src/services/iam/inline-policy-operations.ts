import type {
  DeleteRolePolicyCommandInput,
  GetRolePolicyCommandInput,
  ListRolePoliciesCommandInput,
  PutRolePolicyCommandInput,
} from '@aws-sdk/client-iam'
import { type Call, AwsError } from '../../service.ts'
import { textOf } from '../../sql.ts'
import { checkLength, checkName } from './check-parameters.ts'
import { checkIdentityPolicy } from './check-policy-document.ts'
import { encodeDocument } from './encode-document.ts'
import type { IamContext } from './iam-context.ts'
import { limitExceeded } from './iam-errors.ts'
import { pageOf } from './page-results.ts'
import { requireRole } from './role-record.ts'

/** All inline policies of one role together, without white space. */
const MAX_CHARACTERS = 10_240

export function putRolePolicy({ sql }: IamContext, input: PutRolePolicyCommandInput, call: Call): object {
  const name = checkName('policyName', input.PolicyName, 128)
  const document = checkLength('policyDocument', input.PolicyDocument, { min: 1, max: 131_072 })
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  checkIdentityPolicy(document)
  return sql.atomically(() => {
    sql.run(
      'INSERT OR REPLACE INTO iam_role_policies (account, role, name, document) VALUES (?, ?, ?, ?)',
      role.account,
      role.name,
      name,
      document,
    )
    const documents = sql.all(
      'SELECT document FROM iam_role_policies WHERE account = ? AND role = ?',
      role.account,
      role.name,
    )
    const characters = documents.reduce((sum, row) => sum + textOf(row, 'document').replaceAll(/\s/g, '').length, 0)
    if (characters > MAX_CHARACTERS) {
      throw limitExceeded(`Maximum policy size of ${MAX_CHARACTERS} bytes exceeded for role ${role.name}`)
    }
    return {}
  })
}

export function getRolePolicy({ sql }: IamContext, input: GetRolePolicyCommandInput, call: Call): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const row = sql.one(
    'SELECT document FROM iam_role_policies WHERE account = ? AND role = ? AND name = ?',
    role.account,
    role.name,
    input.PolicyName ?? '',
  )
  if (!row) throw noSuchRolePolicy(input.PolicyName)
  return {
    RoleName: role.name,
    PolicyName: input.PolicyName,
    PolicyDocument: encodeDocument(textOf(row, 'document')),
  }
}

export function listRolePolicies({ sql }: IamContext, input: ListRolePoliciesCommandInput, call: Call): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const rows = sql.all(
    'SELECT name FROM iam_role_policies WHERE account = ? AND role = ? ORDER BY name',
    role.account,
    role.name,
  )
  const names = rows.map((row) => textOf(row, 'name'))
  const { items, ...rest } = pageOf(names, input, (name) => name)
  return { PolicyNames: items, ...rest }
}

export function deleteRolePolicy({ sql }: IamContext, input: DeleteRolePolicyCommandInput, call: Call): object {
  const role = requireRole(sql, call.caller.accountId, input.RoleName)
  const deleted = sql.run(
    'DELETE FROM iam_role_policies WHERE account = ? AND role = ? AND name = ?',
    role.account,
    role.name,
    input.PolicyName ?? '',
  )
  if (deleted === 0) throw noSuchRolePolicy(input.PolicyName)
  return {}
}

function noSuchRolePolicy(name: string | undefined): AwsError {
  return new AwsError('NoSuchEntityException', `The role policy with name ${name ?? ''} cannot be found.`)
}
