import type { Clock } from '../../clock.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import { bindOperations, type Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import {
  attachRolePolicy,
  deleteRolePermissionsBoundary,
  detachRolePolicy,
  listAttachedRolePolicies,
  listEntitiesForPolicy,
  putRolePermissionsBoundary,
} from './attachment-operations.ts'
import { openIamTables } from './iam-tables.ts'
import { deleteRolePolicy, getRolePolicy, listRolePolicies, putRolePolicy } from './inline-policy-operations.ts'
import { createPolicy, deletePolicy, getPolicy, listPolicies } from './policy-operations.ts'
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policy-version-operations.ts'
import {
  createRole,
  deleteRole,
  getRole,
  listInstanceProfilesForRole,
  listRoles,
  updateAssumeRolePolicy,
  updateRole,
} from './role-operations.ts'
import { listPolicyTags, listRoleTags, tagPolicy, tagRole, untagPolicy, untagRole } from './tag-operations.ts'
import { getUser, listUsers } from './user-operations.ts'

export interface IamServiceOptions {
  readonly store: Store
  readonly clock: Clock
  /** @default the operating system's randomness */
  readonly random?: RandomBytes
}

/** IAM's roles and policies: stored, checked and returned as AWS does. */
export function createIamService({ store, clock, random = systemRandom }: IamServiceOptions): Service {
  openIamTables(store)
  const context = { sql: sqlOf(store), clock, random }
  return {
    name: 'iam',
    operations: bindOperations(context, {
      AttachRolePolicy: attachRolePolicy,
      CreatePolicy: createPolicy,
      CreatePolicyVersion: createPolicyVersion,
      CreateRole: createRole,
      DeletePolicy: deletePolicy,
      DeletePolicyVersion: deletePolicyVersion,
      DeleteRole: deleteRole,
      DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary,
      DeleteRolePolicy: deleteRolePolicy,
      DetachRolePolicy: detachRolePolicy,
      GetPolicy: getPolicy,
      GetPolicyVersion: getPolicyVersion,
      GetRole: getRole,
      GetRolePolicy: getRolePolicy,
      GetUser: getUser,
      ListAttachedRolePolicies: listAttachedRolePolicies,
      ListEntitiesForPolicy: listEntitiesForPolicy,
      ListInstanceProfilesForRole: listInstanceProfilesForRole,
      ListPolicies: listPolicies,
      ListPolicyTags: listPolicyTags,
      ListPolicyVersions: listPolicyVersions,
      ListRolePolicies: listRolePolicies,
      ListRoleTags: listRoleTags,
      ListRoles: listRoles,
      ListUsers: listUsers,
      PutRolePermissionsBoundary: putRolePermissionsBoundary,
      PutRolePolicy: putRolePolicy,
      SetDefaultPolicyVersion: setDefaultPolicyVersion,
      TagPolicy: tagPolicy,
      TagRole: tagRole,
      UntagPolicy: untagPolicy,
      UntagRole: untagRole,
      UpdateAssumeRolePolicy: updateAssumeRolePolicy,
      UpdateRole: updateRole,
    }),
  }
}
