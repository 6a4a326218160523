import type {
  ListPolicyTagsCommandInput,
  ListRoleTagsCommandInput,
  Tag,
  TagPolicyCommandInput,
  TagRoleCommandInput,
  UntagPolicyCommandInput,
  UntagRoleCommandInput,
} from '@aws-sdk/client-iam'
import type { Call } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import type { IamContext } from './iam-context.ts'
import { type PageRequest, pageOf } from './page-results.ts'
import { requirePolicy } from './policy-record.ts'
import { requireRole } from './role-record.ts'
import { readTags, removeTags, writeTags } from './tags.ts'

export function tagRole({ sql }: IamContext, input: TagRoleCommandInput, call: Call): object {
  return tag(sql, ofRole(sql, input.RoleName, call), input.Tags)
}

export function untagRole({ sql }: IamContext, input: UntagRoleCommandInput, call: Call): object {
  return untag(sql, ofRole(sql, input.RoleName, call), input.TagKeys)
}

export function listRoleTags({ sql }: IamContext, input: ListRoleTagsCommandInput, call: Call): object {
  return listTags(sql, ofRole(sql, input.RoleName, call), input)
}

export function tagPolicy({ sql }: IamContext, input: TagPolicyCommandInput): object {
  return tag(sql, ofPolicy(sql, input.PolicyArn), input.Tags)
}

export function untagPolicy({ sql }: IamContext, input: UntagPolicyCommandInput): object {
  return untag(sql, ofPolicy(sql, input.PolicyArn), input.TagKeys)
}

export function listPolicyTags({ sql }: IamContext, input: ListPolicyTagsCommandInput): object {
  return listTags(sql, ofPolicy(sql, input.PolicyArn), input)
}

function listTags(sql: Sql, arn: string, request: PageRequest): object {
  const { items, ...rest } = pageOf(readTags(sql, arn), request, (tag: Tag) => tag.Key ?? '')
  return { Tags: items, ...rest }
}

function tag(sql: Sql, arn: string, tags: readonly Tag[] | undefined): object {
  return sql.atomically(() => {
    writeTags(sql, arn, tags)
    return {}
  })
}

function untag(sql: Sql, arn: string, keys: readonly string[] | undefined): object {
  removeTags(sql, arn, keys)
  return {}
}

function ofRole(sql: Sql, name: string | undefined, call: Call): string {
  return requireRole(sql, call.caller.accountId, name).arn
}

function ofPolicy(sql: Sql, arn: string | undefined): string {
  return requirePolicy(sql, arn).arn
}
