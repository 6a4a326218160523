import type { Access, AccessTable, Input, Scope } from './access.ts'
import { creating, tagKeysOf, textIn } from './read-input.ts'

/** Permissions of EventBridge's operations. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const eventsAccess: AccessTable = {
  DeleteRule: onRule('DeleteRule', 'Name'),
  DescribeRule: onRule('DescribeRule', 'Name'),
  DisableRule: onRule('DisableRule', 'Name'),
  EnableRule: onRule('EnableRule', 'Name'),
  ListRuleNamesByTarget: () => ({ action: 'events:ListRuleNamesByTarget', resource: '*' }),
  ListRules: () => ({ action: 'events:ListRules', resource: '*' }),
  ListTagsForResource: onArn('ListTagsForResource'),
  ListTargetsByRule: onRule('ListTargetsByRule', 'Rule'),
  PutRule: (input, scope) => {
    const put = { action: 'events:PutRule', resource: ruleArnOf(textIn(input, 'Name'), scope), keys: tagKeysOf(input) }
    return creating(input, put, { action: 'events:TagResource' })
  },
  PutTargets: (input, scope) => ({
    action: 'events:PutTargets',
    resource: ruleArnOf(textIn(input, 'Rule'), scope),
    keys: { 'events:TargetArn': targetArnsOf(input) },
  }),
  RemoveTargets: onRule('RemoveTargets', 'Rule'),
  TagResource: onArn('TagResource'),
  UntagResource: onArn('UntagResource'),
}

function onRule(name: string, member: string): Access {
  return (input, scope) => ({ action: `events:${name}`, resource: ruleArnOf(textIn(input, member), scope) })
}

function onArn(name: string): Access {
  return (input) => ({ action: `events:${name}`, resource: textIn(input, 'ResourceARN'), keys: tagKeysOf(input) })
}

function ruleArnOf(name: string, { call }: Scope): string {
  return `arn:aws:events:${call.region}:${call.caller.accountId}:rule/${name}`
}

function targetArnsOf({ Targets: targets }: Input): readonly string[] {
  if (!Array.isArray(targets)) return []
  return targets.flatMap((target: unknown) => {
    const arn: unknown = typeof target === 'object' && target !== null ? Reflect.get(target, 'Arn') : undefined
    return typeof arn === 'string' ? [arn] : []
  })
}
