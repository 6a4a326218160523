import { DescribeRuleCommand, ListTagsForResourceCommand } from '@aws-sdk/client-eventbridge'
import { GetRoleCommand } from '@aws-sdk/client-iam'
import { GetFunctionCommand, GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda'
import { nameResources } from 'ticket-core'
import { unlessAbsent } from '../aws-errors.ts'
import type { DesiredStack } from '../desired/desired-stack.ts'
import { type Tags, isManaged } from '../desired/tags.ts'
import { withRetries } from '../with-retries.ts'
import { removeFunction } from '../function/function-kind.ts'
import type { Context } from '../kind.ts'
import type { PlannedResource, UnplannedResource } from '../planned-resource.ts'
import type { Removal } from '../removal.ts'
import type { Change, Resource } from '../resource.ts'
import { removeRole } from '../role/role-kind.ts'
import { removeSchedule } from './schedule-kind.ts'
import { removeUrl } from './url-kind.ts'

/** A resource of line 1 as a function, where line 1 is a server: its tags, undefined where it is not there; how it goes. */
interface Leftover {
  readonly resource: Resource
  readonly needs: readonly string[]
  readonly findTags: (context: Context) => Promise<Tags | undefined>
  readonly removal: Removal
}

/** What is there of line 1 as a function, each after what must go before it: no minute and no address, then no function. */
export function listIntakeLeftovers({ prefix }: Pick<DesiredStack, 'prefix'>): readonly UnplannedResource[] {
  const { intake } = nameResources(prefix)
  const { function: name, schedule, role } = intake
  const leftovers: readonly Leftover[] = [
    {
      resource: { kind: 'schedule', name: schedule },
      needs: [],
      findTags: (context) => findScheduleTags(intake, context),
      removal: removeSchedule,
    },
    {
      resource: { kind: 'url', name },
      needs: [],
      findTags: async (context) => {
        const tags = await findFunctionTags(name, context)
        return tags && (await hasUrl(name, context)) ? tags : undefined
      },
      removal: removeUrl,
    },
    {
      resource: { kind: 'function', name },
      needs: [`schedule ${schedule}`, `url ${name}`],
      findTags: (context) => findFunctionTags(name, context),
      removal: removeFunction,
    },
    {
      resource: { kind: 'role', name: role },
      needs: [`function ${name}`],
      findTags: (context) => findRoleTags(role, context),
      removal: removeRole,
    },
  ]
  return leftovers.map((leftover) => ({
    id: `${leftover.resource.kind} ${leftover.resource.name}`,
    look: (context) => look(leftover, prefix, context),
  }))
}

async function look(
  { resource, needs, findTags, removal }: Leftover,
  prefix: string,
  context: Context,
): Promise<PlannedResource | undefined> {
  const tags = await withRetries(() => findTags(context), { clock: context.clock, resource })
  // What was made by hand is not ours to remove.
  if (!tags || !isManaged(tags, prefix)) return undefined
  const change: Change = { resource, action: 'remove', differences: [] }
  return {
    id: `${resource.kind} ${resource.name}`,
    needs,
    resource,
    madeFrom: '',
    change,
    prepare: async () => {},
    apply: async () => {
      const startedAt = context.clock.monotonic()
      const { clients, clock, accountId, region } = context
      const removing = { clients, clock, prefix, accountId, region, deleteData: false }
      const outcome = await withRetries(() => removal(resource.name, removing), { clock, resource })
      if (outcome.kind !== 'removed') return undefined
      context.onStep({ kind: 'removed', resource, milliseconds: clock.monotonic() - startedAt })
      return change
    },
  }
}

async function findFunctionTags(FunctionName: string, { clients }: Context): Promise<Tags | undefined> {
  const found = await unlessAbsent(() => clients.lambda.send(new GetFunctionCommand({ FunctionName })))
  return found && (found.Tags ?? {})
}

async function hasUrl(FunctionName: string, { clients }: Context): Promise<boolean> {
  const found = await unlessAbsent(() => clients.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName })))
  return found !== undefined
}

/** Without the function there is no schedule, and an account without EventBridge is not asked for one. */
async function findScheduleTags(
  { function: name, schedule }: { readonly function: string; readonly schedule: string },
  context: Context,
): Promise<Tags | undefined> {
  if (!(await findFunctionTags(name, context))) return undefined
  const { eventBridge } = context.clients
  const rule = await unlessAbsent(() => eventBridge.send(new DescribeRuleCommand({ Name: schedule })))
  const ResourceARN = rule?.Arn
  if (ResourceARN === undefined) return undefined
  const found = await eventBridge.send(new ListTagsForResourceCommand({ ResourceARN }))
  return Object.fromEntries((found.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}

async function findRoleTags(RoleName: string, { clients }: Context): Promise<Tags | undefined> {
  const found = await unlessAbsent(() => clients.iam.send(new GetRoleCommand({ RoleName })))
  return found && Object.fromEntries((found.Role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}
