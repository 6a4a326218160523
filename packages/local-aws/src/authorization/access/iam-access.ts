import { findRole, roleArn } from '../../services/iam/role-record.ts'
import type { RequiredPermission } from '../required-permission.ts'
import type { Access, AccessTable, Input, Scope } from './access.ts'
import { creating, optionalTextIn, tagKeysOf, textIn } from './read-input.ts'

/**
 * Permissions of IAM's operations: each requires the action of its own name. Errors name a resource by kind and name,
 * because only IAM knows the path.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export const iamAccess: AccessTable = {
  AttachRolePolicy: onRole('AttachRolePolicy', (input, scope) => ({
    ...policyKey(input),
    ...roleBoundary(input, scope),
  })),
  CreatePolicy: (input, { call }) => {
    const path = optionalTextIn(input, 'Path') ?? '/'
    const resource = `arn:aws:iam::${call.caller.accountId}:policy${path}${textIn(input, 'PolicyName')}`
    return creating(
      input,
      { action: 'iam:CreatePolicy', resource, keys: tagKeysOf(input) },
      { action: 'iam:TagPolicy' },
    )
  },
  CreatePolicyVersion: onPolicy('CreatePolicyVersion'),
  CreateRole: (input, { call }) => {
    const resource = roleArn(call.caller.accountId, optionalTextIn(input, 'Path') ?? '/', textIn(input, 'RoleName'))
    const keys = { ...requestedBoundary(input), ...tagKeysOf(input) }
    return creating(input, { action: 'iam:CreateRole', resource, keys }, { action: 'iam:TagRole' })
  },
  DeletePolicy: onPolicy('DeletePolicy'),
  DeletePolicyVersion: onPolicy('DeletePolicyVersion'),
  DeleteRole: onRole('DeleteRole'),
  DeleteRolePermissionsBoundary: onRole('DeleteRolePermissionsBoundary', roleBoundary),
  DeleteRolePolicy: onRole('DeleteRolePolicy', roleBoundary),
  DetachRolePolicy: onRole('DetachRolePolicy', (input, scope) => ({
    ...policyKey(input),
    ...roleBoundary(input, scope),
  })),
  GetPolicy: onPolicy('GetPolicy'),
  GetPolicyVersion: onPolicy('GetPolicyVersion'),
  GetRole: onRole('GetRole'),
  GetRolePolicy: onRole('GetRolePolicy'),
  GetUser: (input, { call }) => {
    const name = textIn(input, 'UserName')
    return {
      action: 'iam:GetUser',
      resource: `arn:aws:iam::${call.caller.accountId}:user/${name}`,
      displayName: `user ${name}`,
    }
  },
  ListAttachedRolePolicies: onRole('ListAttachedRolePolicies'),
  ListEntitiesForPolicy: onPolicy('ListEntitiesForPolicy'),
  ListInstanceProfilesForRole: onRole('ListInstanceProfilesForRole'),
  ListPolicies: (_input, { call }) => ({
    action: 'iam:ListPolicies',
    resource: `arn:aws:iam::${call.caller.accountId}:policy/`,
    displayName: 'policy path /',
  }),
  ListPolicyTags: onPolicy('ListPolicyTags'),
  ListPolicyVersions: onPolicy('ListPolicyVersions'),
  ListRolePolicies: onRole('ListRolePolicies'),
  ListRoleTags: onRole('ListRoleTags'),
  ListRoles: (_input, { call }) => ({
    action: 'iam:ListRoles',
    resource: `arn:aws:iam::${call.caller.accountId}:role/`,
  }),
  ListUsers: (_input, { call }) => ({
    action: 'iam:ListUsers',
    resource: `arn:aws:iam::${call.caller.accountId}:user/`,
  }),
  PutRolePermissionsBoundary: onRole('PutRolePermissionsBoundary', requestedBoundary),
  PutRolePolicy: onRole('PutRolePolicy', roleBoundary),
  SetDefaultPolicyVersion: onPolicy('SetDefaultPolicyVersion'),
  SimulatePrincipalPolicy: (input) => ({
    action: 'iam:SimulatePrincipalPolicy',
    resource: textIn(input, 'PolicySourceArn'),
  }),
  TagPolicy: onPolicy('TagPolicy'),
  TagRole: onRole('TagRole', tagKeysOf),
  UntagPolicy: onPolicy('UntagPolicy'),
  UntagRole: onRole('UntagRole'),
  UpdateAssumeRolePolicy: onRole('UpdateAssumeRolePolicy'),
  UpdateRole: onRole('UpdateRole'),
}

type Keys = NonNullable<RequiredPermission['keys']>

function onRole(name: string, keysOf: (input: Input, scope: Scope) => Keys = () => ({})): Access {
  return (input, scope) => {
    const role = textIn(input, 'RoleName')
    const keys = keysOf(input, scope)
    return { action: `iam:${name}`, resource: arnOfRole(role, scope), displayName: `role ${role}`, keys }
  }
}

function onPolicy(name: string): Access {
  return (input) => {
    const resource = textIn(input, 'PolicyArn')
    return { action: `iam:${name}`, resource, displayName: `policy ${resource}`, keys: tagKeysOf(input) }
  }
}

function arnOfRole(name: string, { call, sql }: Scope): string {
  const { accountId } = call.caller
  return findRole(sql, accountId, name)?.arn ?? roleArn(accountId, '/', name)
}

function policyKey(input: Input): Keys {
  return { 'iam:PolicyARN': textIn(input, 'PolicyArn') }
}

/** The boundary in the request. */
function requestedBoundary(input: Input): Keys {
  return { 'iam:PermissionsBoundary': optionalTextIn(input, 'PermissionsBoundary') }
}

/** The role's boundary: conditions on it allow or deny a change of the role's policies. */
function roleBoundary(input: Input, { call, sql }: Scope): Keys {
  return { 'iam:PermissionsBoundary': findRole(sql, call.caller.accountId, textIn(input, 'RoleName'))?.boundary }
}
