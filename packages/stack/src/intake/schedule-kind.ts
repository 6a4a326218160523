import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-eventbridge'
import { GetFunctionCommand } from '@aws-sdk/client-lambda'
import { nameResources } from 'ticket-core'
import { unlessAbsent } from '../aws-errors.ts'
import { different, touches, updateOf } from '../compare.ts'
import type { DesiredSchedule } from '../desired/desired-stack.ts'
import { type Tags, isManaged } from '../desired/tags.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change, Resource } from '../resource.ts'
import { type Removal, notManaged } from '../removal.ts'
import { type ObservedPermissions, differentPermission, observePermissions, putPermission } from './permissions.ts'

export interface ObservedSchedule {
  /** Absent where there is no rule yet. */
  readonly settings: Readonly<Record<string, string>> | undefined
  readonly permissions: ObservedPermissions
  readonly tags: Tags
}

/** Rules of EventBridge with one function as their target, and the permission to invoke it. */
export const scheduleKind: Kind<DesiredSchedule, ObservedSchedule> = {
  resource: resourceOf,
  observe,
  compare,
  execute,
}

function resourceOf({ name }: DesiredSchedule): Resource {
  return { kind: 'schedule', name }
}

async function observe(desired: DesiredSchedule, context: Context): Promise<ObservedSchedule | undefined> {
  const { name, arn, functionName } = desired
  const { eventBridge } = context.clients
  const [rule, permissions] = await Promise.all([
    unlessAbsent(() => eventBridge.send(new DescribeRuleCommand({ Name: name }))),
    observePermissions(functionName, context),
  ])
  if (!rule) return { settings: undefined, permissions, tags: {} }
  const [targets, tags] = await Promise.all([
    unlessAbsent(() => eventBridge.send(new ListTargetsByRuleCommand({ Rule: name }))),
    unlessAbsent(() => eventBridge.send(new ListTagsForResourceCommand({ ResourceARN: arn }))),
  ])
  return {
    settings: {
      schedule: rule.ScheduleExpression ?? '',
      enabled: rule.State === 'DISABLED' ? 'no' : 'yes',
      target: targets?.Targets?.map(({ Arn }) => Arn).join() ?? '',
    },
    permissions,
    tags: Object.fromEntries((tags?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  }
}

function compare(
  desired: DesiredSchedule,
  observed: ObservedSchedule | undefined,
  context: Context,
): Change | undefined {
  const resource = resourceOf(desired)
  if (!observed?.settings) return { resource, action: 'create', differences: [] }
  const { settings, permissions, tags } = observed
  const wanted = { schedule: desired.expression, enabled: 'yes', target: desired.functionArn }
  const differences = [
    ...Object.entries(wanted).flatMap(([field, to]) => different(field, settings[field], to)),
    ...differentPermission(desired.permission, { observed: permissions, context }),
  ]
  return updateOf({ resource, differences, wanted: desired.tags, found: tags })
}

async function execute(
  { desired, observed, change }: Work<DesiredSchedule, ObservedSchedule>,
  context: Context,
): Promise<void> {
  const { name, arn, description, expression, functionName, functionArn, targetId, permission } = desired
  const { eventBridge } = context.clients
  const Tags = Object.entries(desired.tags).map(([Key, Value]) => ({ Key, Value }))
  const isNew = change.action === 'create'
  await putPermission(permission, { functionName, observed: observed?.permissions ?? new Map(), change, context })
  if (isNew || touches(change, 'schedule') || touches(change, 'enabled'))
    await eventBridge.send(
      new PutRuleCommand({
        Name: name,
        Description: description,
        ScheduleExpression: expression,
        State: 'ENABLED',
        ...(isNew && { Tags }),
      }),
    )
  if (isNew || touches(change, 'target')) {
    const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule: name }))
    const others = Targets.flatMap(({ Id }) => (Id === undefined || Id === targetId ? [] : [Id]))
    if (others.length > 0) await eventBridge.send(new RemoveTargetsCommand({ Rule: name, Ids: others }))
    await eventBridge.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: targetId, Arn: functionArn }] }))
  }
  // Tags of a change are ignored by PutRule.
  if (!isNew && touches(change, 'tag ')) await eventBridge.send(new TagResourceCommand({ ResourceARN: arn, Tags }))
}

/** Deletes the rule if it has our tags. Without the function there is none: it was made after it, and is removed before. */
export const removeSchedule: Removal = async (name, { clients: { eventBridge, lambda }, prefix }) => {
  const FunctionName = nameResources(prefix).intake.function
  if (!(await unlessAbsent(() => lambda.send(new GetFunctionCommand({ FunctionName }))))) return { kind: 'absent' }
  const rule = await unlessAbsent(() => eventBridge.send(new DescribeRuleCommand({ Name: name })))
  if (rule?.Arn === undefined) return { kind: 'absent' }
  const ResourceARN = rule.Arn
  const found = await unlessAbsent(() => eventBridge.send(new ListTagsForResourceCommand({ ResourceARN })))
  const tags = Object.fromEntries((found?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  if (!isManaged(tags, prefix)) return notManaged(tags)
  const targets = await unlessAbsent(() => eventBridge.send(new ListTargetsByRuleCommand({ Rule: name })))
  const Ids = (targets?.Targets ?? []).flatMap(({ Id }) => Id ?? [])
  if (Ids.length > 0) await unlessAbsent(() => eventBridge.send(new RemoveTargetsCommand({ Rule: name, Ids })))
  await unlessAbsent(() => eventBridge.send(new DeleteRuleCommand({ Name: name })))
  return { kind: 'removed' }
}
