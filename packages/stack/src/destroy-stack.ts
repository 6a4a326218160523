import { type Result, LANES, nameResources } from 'ticket-core'
import type { StackOptions } from './apply-stack.ts'
import { removeBoundary } from './boundary/boundary-kind.ts'
import { removeBucket } from './bucket/bucket-kind.ts'
import type { StackClients } from './clients.ts'
import { sleep } from 'ticket-adapters/clock'
import { explainError } from './explain-error.ts'
import { removeFunction } from './function/function-kind.ts'
import { backoff, transientErrorOf } from './transient-error.ts'
import { removeMappings } from './mapping/mapping-kind.ts'
import { removeQueue } from './queue/queue-kind.ts'
import { findCaller } from './read-caller.ts'
import type { Removal, RemovalContext, RemovalOutcome } from './removal.ts'
import type { Resource, StackProblem } from './resource.ts'
import { removeRole } from './role/role-kind.ts'
import { runTasks } from './run-tasks.ts'

export interface DestroyOptions extends StackOptions {
  /** Deletes queues and the bucket with everything in them. @default false */
  readonly deleteData?: boolean
}

/** A resource that was not removed. `holds-data`: it is removed when data may be deleted. */
interface LeftResource {
  readonly resource: Resource
  readonly why: 'holds-data' | 'not-managed' | 'needs-administrator'
  /** The reason in words, for people. */
  readonly reason: string
}

export interface DestroyedStack {
  readonly removed: readonly Resource[]
  readonly left: readonly LeftResource[]
  readonly milliseconds: number
}

/** What failed, and what was done anyway. Another run continues from there. */
export interface DestroyFailure {
  readonly problems: readonly StackProblem[]
  readonly removed: readonly Resource[]
  readonly left: readonly LeftResource[]
}

const TRIES = 10

/**
 * Removes what has the prefix's names and our tags. Functions stop first; a queue or bucket that still holds anything
 * stays unless `deleteData`. Safe to run again, also after a partial run. The secret belongs to people: it stays.
 */
export async function destroyStack(
  { prefix, region }: { readonly prefix: string; readonly region: string },
  clients: StackClients,
  { clock, onStep = () => {}, deleteData = false }: DestroyOptions,
): Promise<Result<DestroyedStack, DestroyFailure>> {
  const startedAt = clock.monotonic()
  const names = nameResources(prefix)
  const removed: Resource[] = []
  const left: LeftResource[] = []
  let accountId = ''

  const remove = (resource: Resource, name: string, removal: Removal) => async (): Promise<void> => {
    const context = { clients, clock, prefix, accountId, region, deleteData }
    const outcome = await removeWithRetries({ resource, name, removal }, context)
    if (outcome.kind === 'left') left.push({ resource, why: outcome.why, reason: reasonOf(outcome) })
    if (outcome.kind !== 'removed') return
    removed.push(resource)
    onStep({ kind: 'removed', resource, milliseconds: clock.monotonic() - startedAt })
  }
  const task = (resource: Resource, removal: Removal, more: { name?: string; needs?: readonly string[] } = {}) => ({
    id: `${resource.kind} ${resource.name}`,
    needs: ['account', ...(more.needs ?? [])],
    run: remove(resource, more.name ?? resource.name, removal),
  })
  const lanes = LANES.map((lane) => names.lanes[lane])
  const readAccount = async (): Promise<void> => {
    accountId = (await findCaller(clients)).accountId
  }
  const mappings = lanes.map(({ function: name, queue }) => ({
    name,
    resource: { kind: 'mapping', name: `${queue} -> ${name}` } as const,
  }))
  const stopped = mappings.map(({ resource }) => `mapping ${resource.name}`)
  const gone = lanes.map(({ function: name }) => `function ${name}`)
  const unbound = lanes.map(({ role: name }) => `role ${name}`)

  const problems = await runTasks([
    { id: 'account', needs: [], run: readAccount },
    ...mappings.map(({ resource, name }) => task(resource, removeMappings, { name })),
    ...lanes.map(({ function: name }) => task({ kind: 'function', name }, removeFunction, { needs: stopped })),
    ...lanes.map(({ role: name }) => task({ kind: 'role', name }, removeRole, { needs: gone })),
    ...lanes.map(({ queue: name }) => task({ kind: 'queue', name }, removeQueue, { needs: stopped })),
    task({ kind: 'policy', name: names.boundary }, removeBoundary, { needs: unbound }),
    task({ kind: 'bucket', name: names.bucket }, removeBucket, { needs: gone }),
  ])
  if (problems.length > 0) return { ok: false, failure: { problems, removed, left } }
  return { ok: true, value: { removed, left, milliseconds: clock.monotonic() - startedAt } }
}

async function removeWithRetries(
  { resource, name, removal }: { readonly resource: Resource; readonly name: string; readonly removal: Removal },
  context: RemovalContext,
): Promise<RemovalOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await removal(name, context)
    } catch (error) {
      const transientError = transientErrorOf(error)
      if (!transientError || attempt === TRIES) throw explainError(error, resource)
      await sleep(context.clock, backoff(transientError, attempt))
    }
  }
}

function reasonOf(outcome: Extract<RemovalOutcome, { kind: 'left' }>): string {
  switch (outcome.why) {
    case 'not-managed':
      return 'it has the name, but not our tags: it was not made by this stack'
    case 'needs-administrator':
      return `only an administrator of the account may delete it: ${outcome.todo}`
    case 'holds-data':
      return `it still holds ${outcome.holds}; to delete them too, use --delete-data`
  }
}
