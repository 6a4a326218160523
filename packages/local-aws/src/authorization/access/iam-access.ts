import { findRole, roleArn } from '../../services/iam/role-record.ts'
import type { Need } from '../need.ts'
import type { Access, AccessTable, Input, Scope } from './access.ts'
import { hasTags, optionalTextIn, tagKeysOf, textIn } from './access.ts'

/**
 * What IAM's operations need: each the action of its own name. Errors name what exists by its kind and name, since only
 * IAM knows the path.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export const iamAccess: AccessTable = {
  AttachRolePolicy: onRole('AttachRolePolicy', policyKey),
  CreatePolicy: (input, { call }) => {
    const path = optionalTextIn(input, 'Path') ?? '/'
    const resource = `arn:aws:iam::${call.caller.accountId}:policy${path}${textIn(input, 'PolicyName')}`
    const keys = tagKeysOf(input)
    const create = { action: 'iam:CreatePolicy', resource, keys }
    return hasTags(input) ? [create, { action: 'iam:TagPolicy', resource, keys }] : create
  },
  CreatePolicyVersion: onPolicy('CreatePolicyVersion'),
  CreateRole: (input, { call }) => {
    const resource = roleArn(call.caller.accountId, optionalTextIn(input, 'Path') ?? '/', textIn(input, 'RoleName'))
    const keys = { ...boundaryKey(input), ...tagKeysOf(input) }
    const create = { action: 'iam:CreateRole', resource, keys }
    return hasTags(input) ? [create, { action: 'iam:TagRole', resource, keys }] : create
  },
  DeletePolicy: onPolicy('DeletePolicy'),
  DeletePolicyVersion: onPolicy('DeletePolicyVersion'),
  DeleteRole: onRole('DeleteRole'),
  DeleteRolePermissionsBoundary: onRole('DeleteRolePermissionsBoundary'),
  DeleteRolePolicy: onRole('DeleteRolePolicy'),
  DetachRolePolicy: onRole('DetachRolePolicy', policyKey),
  GetPolicy: onPolicy('GetPolicy'),
  GetPolicyVersion: onPolicy('GetPolicyVersion'),
  GetRole: onRole('GetRole'),
  GetRolePolicy: onRole('GetRolePolicy'),
  GetUser: (input, { call }) => {
    const name = textIn(input, 'UserName')
    return {
      action: 'iam:GetUser',
      resource: `arn:aws:iam::${call.caller.accountId}:user/${name}`,
      shown: `user ${name}`,
    }
  },
  ListAttachedRolePolicies: onRole('ListAttachedRolePolicies'),
  ListEntitiesForPolicy: onPolicy('ListEntitiesForPolicy'),
  ListInstanceProfilesForRole: onRole('ListInstanceProfilesForRole'),
  ListPolicies: (_input, { call }) => ({
    action: 'iam:ListPolicies',
    resource: `arn:aws:iam::${call.caller.accountId}:policy/`,
    shown: 'policy path /',
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
  PutRolePermissionsBoundary: onRole('PutRolePermissionsBoundary', boundaryKey),
  PutRolePolicy: onRole('PutRolePolicy'),
  SetDefaultPolicyVersion: onPolicy('SetDefaultPolicyVersion'),
  TagPolicy: onPolicy('TagPolicy'),
  TagRole: onRole('TagRole', tagKeysOf),
  UntagPolicy: onPolicy('UntagPolicy'),
  UntagRole: onRole('UntagRole'),
  UpdateAssumeRolePolicy: onRole('UpdateAssumeRolePolicy'),
  UpdateRole: onRole('UpdateRole'),
}

type Keys = NonNullable<Need['keys']>

function onRole(name: string, keysOf: (input: Input) => Keys = () => ({})): Access {
  return (input, scope) => {
    const role = textIn(input, 'RoleName')
    return { action: `iam:${name}`, resource: arnOfRole(role, scope), shown: `role ${role}`, keys: keysOf(input) }
  }
}

function onPolicy(name: string): Access {
  return (input) => {
    const resource = textIn(input, 'PolicyArn')
    return { action: `iam:${name}`, resource, shown: `policy ${resource}`, keys: tagKeysOf(input) }
  }
}

function arnOfRole(name: string, { call, sql }: Scope): string {
  const { accountId } = call.caller
  return findRole(sql, accountId, name)?.arn ?? roleArn(accountId, '/', name)
}

function policyKey(input: Input): Keys {
  return { 'iam:PolicyARN': textIn(input, 'PolicyArn') }
}

function boundaryKey(input: Input): Keys {
  return { 'iam:PermissionsBoundary': optionalTextIn(input, 'PermissionsBoundary') }
}
