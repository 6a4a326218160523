import { type Result, fail, succeed } from 'ticket-core'
import { boundaryKind } from './boundary/boundary-kind.ts'
import { bucketKind } from './bucket/bucket-kind.ts'
import { reconcile } from './reconcile.ts'
import type { StackClients } from './clients.ts'
import type { DesiredStack } from './desired/desired-stack.ts'
import type { Tags } from './desired/tags.ts'
import { functionKind } from './function/function-kind.ts'
import { listIntakeLeftovers } from './intake/remove-intake.ts'
import { urlKind } from './intake/url-kind.ts'
import { scheduleKind } from './intake/schedule-kind.ts'
import type { Context, Kind } from './kind.ts'
import { mappingKind } from './mapping/mapping-kind.ts'
import type { PlannedResource, UnplannedResource } from './planned-resource.ts'
import { queueKind } from './queue/queue-kind.ts'
import { findCaller } from './read-caller.ts'
import { type Change, type StackProblem, StackError } from './resource.ts'
import { roleKind } from './role/role-kind.ts'
import { runTasks } from './run-tasks.ts'
import { withRetries } from './with-retries.ts'

/**
 * Observes every resource of the stack and compares it with its description. Changes nothing. Fails for credentials of
 * another account, and for an obstacle at any resource (a bucket of another account).
 */
export async function observeStack(
  desired: DesiredStack,
  context: Context,
): Promise<Result<readonly PlannedResource[], readonly StackProblem[]>> {
  const resources = listResources(desired)
  const plan = new Map<string, PlannedResource>()
  const obstacles = await runTasks([
    { id: 'account', needs: [], run: () => checkAccount(desired.accountId, context.clients) },
    ...resources.map(({ id, look }) => ({
      id,
      needs: ['account'],
      run: async () => {
        const planned = await look(context)
        if (planned) plan.set(id, planned)
      },
    })),
  ])
  if (obstacles.length > 0) return fail(obstacles)
  return succeed(resources.flatMap(({ id }) => plan.get(id) ?? []))
}

/** Without this check the stack would be made in the wrong account. */
async function checkAccount(accountId: string, clients: StackClients): Promise<void> {
  const caller = await findCaller(clients)
  if (caller.accountId === accountId) return
  throw new StackError({
    code: 'wrong-account',
    resource: { kind: 'account', name: accountId },
    problem: `these credentials belong to account ${caller.accountId}, the stack is described for ${accountId}`,
    todo: 'Use the credentials of that account, or describe the stack for this one.',
  })
}

/** All resources of a stack, each after what it needs. */
function listResources(stack: DesiredStack): readonly UnplannedResource[] {
  const { queues, bucket, boundary, roles, functions, mappings, urls, schedules, names } = stack
  const deadQueue = `queue ${names.lanes.dead.queue}`
  const [ticketQueues, deadQueues] = split(queues, ({ name }) => `queue ${name}` !== deadQueue)
  return [
    ...deadQueues.map((queue) => unplanned(queueKind, queue, [])),
    ...ticketQueues.map((queue) => unplanned(queueKind, queue, [deadQueue])),
    unplanned(bucketKind, bucket, []),
    unplanned(boundaryKind, boundary, []),
    ...roles.map((role) => unplanned(roleKind, role, [`policy ${boundary.name}`])),
    ...functions.map((fn) =>
      unplanned(functionKind, fn, [
        `role ${fn.roleName}`,
        ...Object.values(fn.environment).flatMap((value) =>
          typeof value === 'string' ? [] : [`queue ${value.urlOfQueue}`],
        ),
      ]),
    ),
    ...mappings.map((mapping) =>
      unplanned(mappingKind, mapping, [`function ${mapping.functionName}`, `queue ${mapping.queueName}`]),
    ),
    ...urls.map((url) => unplanned(urlKind, url, [`function ${url.name}`])),
    ...schedules.map((schedule) =>
      unplanned(scheduleKind, schedule, [
        `function ${schedule.functionName}`,
        // Both change the function's policy, which takes one change at a time.
        `url ${schedule.functionName}`,
      ]),
    ),
    ...(stack.intakeFunction === 'no' ? listIntakeLeftovers(stack) : []),
  ]
}

function unplanned<Desired extends { readonly tags: Tags }, Observed>(
  kind: Kind<Desired, Observed>,
  desired: Desired,
  needs: readonly string[],
): UnplannedResource {
  const resource = kind.resource(desired)
  const id = `${resource.kind} ${resource.name}`
  return {
    id,
    look: async (context) => {
      const retries = { clock: context.clock, resource }
      const found = await withRetries(() => kind.observe(desired, context), retries)
      const change = kind.compare(desired, found, context)
      const madeFrom = desired.tags['made-from'] ?? ''
      const prepare = async (): Promise<void> => {
        if (!change || !kind.prepare) return
        const work = { desired, observed: found, change }
        await withRetries(async () => kind.prepare?.(work, context), retries)
      }
      const apply = (): Promise<Change | undefined> => reconcile({ kind, desired, found }, context)
      return { id, needs, resource, madeFrom, change, prepare, apply }
    },
  }
}

function split<Item>(items: readonly Item[], isLeft: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter((item) => isLeft(item)), items.filter((item) => !isLeft(item))]
}
