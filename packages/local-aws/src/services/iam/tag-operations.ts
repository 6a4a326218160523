import type {
  ListPolicyTagsCommandInput,
  ListRoleTagsCommandInput,
  Tag,
  TagPolicyCommandInput,
  TagRoleCommandInput,
  UntagPolicyCommandInput,
  UntagRoleCommandInput,
} from '@aws-sdk/client-iam'
import type { Call, Operation } from '../../service.ts'
import type { IamContext } from './iam-context.ts'
import { type PageRequest, pageOf } from './page-results.ts'
import { requirePolicy } from './policy-record.ts'
import { requireRole } from './role-record.ts'
import { readTags, removeTags, writeTags } from './tags.ts'

/** Tags of roles and of customer managed policies. */
export function createTagOperations({ sql }: IamContext): Record<string, Operation> {
  const listTags = (arn: string, request: PageRequest): object => {
    const { items, ...rest } = pageOf(readTags(sql, arn), request, (tag: Tag) => tag.Key ?? '')
    return { Tags: items, ...rest }
  }
  const tag = (arn: string, tags: readonly Tag[] | undefined): object =>
    sql.atomically(() => {
      writeTags(sql, arn, tags)
      return {}
    })
  const untag = (arn: string, keys: readonly string[] | undefined): object => {
    removeTags(sql, arn, keys)
    return {}
  }
  const ofRole = (name: string | undefined, call: Call): string => requireRole(sql, call.caller.accountId, name).arn
  const ofPolicy = (arn: string | undefined): string => requirePolicy(sql, arn).arn

  return {
    TagRole: (input: TagRoleCommandInput, call: Call) => tag(ofRole(input.RoleName, call), input.Tags),
    UntagRole: (input: UntagRoleCommandInput, call: Call) => untag(ofRole(input.RoleName, call), input.TagKeys),
    ListRoleTags: (input: ListRoleTagsCommandInput, call: Call) => listTags(ofRole(input.RoleName, call), input),
    TagPolicy: (input: TagPolicyCommandInput) => tag(ofPolicy(input.PolicyArn), input.Tags),
    UntagPolicy: (input: UntagPolicyCommandInput) => untag(ofPolicy(input.PolicyArn), input.TagKeys),
    ListPolicyTags: (input: ListPolicyTagsCommandInput) => listTags(ofPolicy(input.PolicyArn), input),
  }
}
