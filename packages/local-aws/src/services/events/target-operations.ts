import type {
  ListRuleNamesByTargetRequest,
  ListRuleNamesByTargetResponse,
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge'
import { AwsError, type Call } from '../../service.ts'
import type { EventsContext } from './events-context.ts'
import { pageOf } from './page.ts'
import {
  invalid,
  listRuleRecords,
  notOffered,
  readRuleName,
  requireRule,
  saveRule,
  type TargetRecord,
} from './rule-record.ts'

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_TARGETS = 5

/** Adds targets, or replaces those of the same id. Whether the rule may invoke them shows when it does. */
export function putTargets({ sql }: EventsContext, input: PutTargetsRequest, call: Call): PutTargetsResponse {
  const rule = requireRule(sql, call.region, readRuleName(input.Rule, input))
  const given = (input.Targets ?? []).map(readTarget)
  if (given.length === 0) throw invalid('Parameter Targets is not valid.')
  const targets = new Map([...rule.targets, ...given].map((target) => [target.id, target]))
  if (targets.size > MOST_TARGETS) {
    const message = `The requested resource exceeds the maximum number allowed.`
    throw new AwsError('LimitExceededException', message)
  }
  saveRule(sql, { ...rule, targets: [...targets.values()] })
  return { FailedEntryCount: 0, FailedEntries: [] }
}

export function removeTargets({ sql }: EventsContext, input: RemoveTargetsRequest, call: Call): RemoveTargetsResponse {
  const rule = requireRule(sql, call.region, readRuleName(input.Rule, input))
  const ids = input.Ids ?? []
  saveRule(sql, { ...rule, targets: rule.targets.filter(({ id }) => !ids.includes(id)) })
  const missing = ids.filter((id) => rule.targets.every((target) => target.id !== id))
  return {
    FailedEntryCount: missing.length,
    FailedEntries: missing.map((TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${rule.name} does not have a target with ID ${TargetId}.`,
    })),
  }
}

export function listTargetsByRule(
  { sql }: EventsContext,
  input: ListTargetsByRuleRequest,
  call: Call,
): ListTargetsByRuleResponse {
  const rule = requireRule(sql, call.region, readRuleName(input.Rule, input))
  const { items, ...more } = pageOf(rule.targets, input)
  return {
    Targets: items.map(({ id, arn, input: text }) => ({ Id: id, Arn: arn, Input: text })),
    ...more,
  }
}

export function listRuleNamesByTarget(
  { sql }: EventsContext,
  input: ListRuleNamesByTargetRequest,
  call: Call,
): ListRuleNamesByTargetResponse {
  const rules = listRuleRecords(sql, call.region).filter(({ targets }) =>
    targets.some(({ arn }) => arn === input.TargetArn),
  )
  const { items, ...more } = pageOf(
    rules.map(({ name }) => name),
    input,
  )
  return { RuleNames: items, ...more }
}

/** Members of a target that this cloud knows. */
const KNOWN = new Set(['Id', 'Arn', 'Input'])

function readTarget(target: Target): TargetRecord {
  const { Id: id = '', Arn: arn = '', Input: input } = target
  if (!/^[.\-_A-Za-z0-9]{1,64}$/u.test(id)) throw invalid(`Parameter ${id} is not valid. Reason: Invalid target id.`)
  if (!arn.startsWith('arn:'))
    throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`)
  if (!/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:/u.test(arn)) throw notOffered('A target that is no function')
  const unknown = Object.entries(target).find(([member, value]) => value !== undefined && !KNOWN.has(member))
  if (unknown) throw notOffered(`${unknown[0]} of a target`)
  if (input !== undefined && !isJson(input)) throw invalid('JSON syntax error in input for target.')
  return { id, arn, input }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
