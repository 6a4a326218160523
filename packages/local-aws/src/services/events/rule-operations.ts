import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  DisableRuleRequest,
  EnableRuleRequest,
  ListRulesRequest,
  ListRulesResponse,
  PutRuleRequest,
  PutRuleResponse,
  Rule,
} from '@aws-sdk/client-eventbridge'
import type { Call } from '../../service.ts'
import type { EventsContext } from './events-context.ts'
import { pageOf } from './page.ts'
import {
  dropRule,
  findRule,
  invalid,
  listRuleRecords,
  notOffered,
  readRuleName,
  requireRule,
  ruleArn,
  saveRule,
  type RuleRecord,
} from './rule-record.ts'
import { readRate } from './schedule.ts'
import { readTags } from './tag-operations.ts'

/** Makes the rule, or changes it: what a request leaves out is gone, but tags and targets stay. */
export function putRule(context: EventsContext, input: PutRuleRequest, call: Call): PutRuleResponse {
  const { sql, clock } = context
  const name = readRuleName(input.Name, input)
  if (input.EventPattern !== undefined) throw notOffered('EventPattern')
  if (input.RoleArn !== undefined) throw notOffered('RoleArn')
  const { ScheduleExpression: schedule, State = 'ENABLED', Description: description } = input
  if (schedule === undefined) throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.')
  readRate(schedule)
  if (State !== 'ENABLED' && State !== 'DISABLED') throw invalid('Parameter State is not valid.')
  const before = findRule(sql, call.region, name)
  const isSame = before?.schedule === schedule && before.isEnabled === (State === 'ENABLED')
  const rule: RuleRecord = {
    name,
    region: call.region,
    accountId: call.caller.accountId,
    arn: ruleArn(call, name),
    description,
    schedule,
    isEnabled: State === 'ENABLED',
    since: isSame ? before.since : clock.now(),
    targets: before?.targets ?? [],
    tags: before?.tags ?? readTags(input.Tags),
  }
  saveRule(sql, rule)
  context.ruleChanged(call.region, name)
  return { RuleArn: rule.arn }
}

export function describeRule({ sql }: EventsContext, input: DescribeRuleRequest, call: Call): DescribeRuleResponse {
  const rule = requireRule(sql, call.region, readRuleName(input.Name, input))
  return { ...shown(rule), CreatedBy: rule.accountId }
}

export function listRules({ sql }: EventsContext, input: ListRulesRequest, call: Call): ListRulesResponse {
  const { NamePrefix: prefix = '' } = input
  const rules = listRuleRecords(sql, call.region).filter(({ name }) => name.startsWith(prefix))
  const { items, ...more } = pageOf(rules.map(shown), input)
  return { Rules: items, ...more }
}

/** A rule with targets cannot be deleted; one that does not exist can. */
export function deleteRule(context: EventsContext, input: DeleteRuleRequest, call: Call): object {
  const rule = findRule(context.sql, call.region, readRuleName(input.Name, input))
  if (!rule) return {}
  if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.")
  dropRule(context.sql, rule)
  context.ruleChanged(call.region, rule.name)
  return {}
}

export function enableRule(context: EventsContext, input: EnableRuleRequest, call: Call): object {
  return turn(context, { input, call, isEnabled: true })
}

export function disableRule(context: EventsContext, input: DisableRuleRequest, call: Call): object {
  return turn(context, { input, call, isEnabled: false })
}

function turn(
  { sql, clock, ruleChanged }: EventsContext,
  { input, call, isEnabled }: { input: EnableRuleRequest; call: Call; isEnabled: boolean },
): object {
  const rule = requireRule(sql, call.region, readRuleName(input.Name, input))
  if (rule.isEnabled !== isEnabled) saveRule(sql, { ...rule, isEnabled, since: clock.now() })
  ruleChanged(call.region, rule.name)
  return {}
}

function shown({ name, arn, description, schedule, isEnabled }: RuleRecord): Rule {
  return {
    Name: name,
    Arn: arn,
    ...(description !== undefined && { Description: description }),
    ScheduleExpression: schedule,
    State: isEnabled ? 'ENABLED' : 'DISABLED',
    EventBusName: 'default',
  }
}
