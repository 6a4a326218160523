import { boundaryKind } from './boundary/boundary-kind.ts'
import { bucketKind } from './bucket/bucket-kind.ts'
import { reconcile } from './reconcile.ts'
import type { DesiredStack } from './desired/desired-stack.ts'
import { explainError } from './explain-error.ts'
import { functionKind } from './function/function-kind.ts'
import type { Context, Kind } from './kind.ts'
import { mappingKind } from './mapping/mapping-kind.ts'
import { queueKind } from './queue/queue-kind.ts'
import type { Change } from './resource.ts'
import { roleKind } from './role/role-kind.ts'

/** One resource of the plan: what would change, what it needs first, and how to apply the change. */
export interface PlannedResource {
  readonly id: string
  readonly needs: readonly string[]
  /** Undefined: nothing to change. */
  readonly change: Change | undefined
  /** Applies the change, starting from what was found when it was planned; returns what was changed. */
  readonly apply: () => Promise<Change | undefined>
}

/** A resource that was described and not observed yet. */
export interface UnplannedResource {
  readonly id: string
  readonly look: (context: Context) => Promise<PlannedResource>
}

/** All resources of a stack, each after what it needs. */
export function listResources(stack: DesiredStack): readonly UnplannedResource[] {
  const { queues, bucket, boundary, roles, functions, mappings, names } = stack
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
  ]
}

function unplanned<Desired, Observed>(
  kind: Kind<Desired, Observed>,
  desired: Desired,
  needs: readonly string[],
): UnplannedResource {
  const resource = kind.resource(desired)
  const id = `${resource.kind} ${resource.name}`
  return {
    id,
    look: async (context) => {
      try {
        const found = await kind.observe(desired, context)
        const change = kind.compare(desired, found, context)
        return { id, needs, change, apply: () => reconcile({ kind, desired, found }, context) }
      } catch (error) {
        throw explainError(error, resource)
      }
    },
  }
}

function split<Item>(items: readonly Item[], isLeft: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter((item) => isLeft(item)), items.filter((item) => !isLeft(item))]
}
