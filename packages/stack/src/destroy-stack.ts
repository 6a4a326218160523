import { type Result, INTAKE_LANES, LANES, nameResources } from 'ticket-core'
import type { StackOptions } from './apply-stack.ts'
import { removeBoundary } from './boundary/boundary-kind.ts'
import { removeBucket } from './bucket/bucket-kind.ts'
import type { StackClients } from './clients.ts'
import { createArns } from './desired/arns.ts'
import { type Holding, findData } from './find-data.ts'
import { closeQueue } from './queue/close-queue.ts'
import { sleep } from 'ticket-adapters/clock'
import { removeSchedule } from './intake/schedule-kind.ts'
import { removeUrl } from './intake/url-kind.ts'
import { removeFunction } from './function/function-kind.ts'
import { removeMappings } from './mapping/mapping-kind.ts'
import { removeQueue } from './queue/queue-kind.ts'
import { findCaller } from './read-caller.ts'
import type { Removal, RemovalOutcome } from './removal.ts'
import type { Resource, StackProblem } from './resource.ts'
import { removeRole } from './role/role-kind.ts'
import { runTasks } from './run-tasks.ts'
import { withRetries } from './with-retries.ts'

export interface DestroyOptions extends StackOptions {
  /**
   * What becomes of a queue or bucket that holds anything. `refuse`: then nothing is removed at all. `keep`: it stays, and
   * the rest goes. `delete`: it goes, too. @default 'refuse'
   */
  readonly data?: 'refuse' | 'keep' | 'delete'
  /**
   * How long a change of a queue's policy takes to be in force everywhere, and a queue's counts to be true: AWS says up
   * to 60 seconds for the one, about a minute for the other.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html @default 60_000
   */
  readonly propagationMs?: number
}

/** A resource that was not removed. `holds-data`: it is removed when data may be deleted. */
interface LeftResource {
  readonly resource: Resource
  readonly why: 'holds-data' | 'not-managed' | 'needs-administrator'
  /** The reason in words, for people. */
  readonly reason: string
  /** Of a queue that holds messages: when SQS deletes the last of them, at the latest. */
  readonly keptUntil?: number
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

/** The stack to remove. */
interface StackToRemove {
  readonly prefix: string
  readonly region: string
  /** The bucket's name, where it is not the prefix's own. */
  readonly bucket?: string
}

/**
 * Removes what has the prefix's names and our tags. Where a queue or the bucket holds anything, nothing is removed unless
 * `data` says so. First the queues are closed for the server, so that no ticket is accepted that would be lost; then
 * functions stop; a queue is looked at once more before it is deleted. Safe to run again, also after a partial run. The
 * secret belongs to people: it stays.
 */
export async function destroyStack(
  { prefix, region, bucket }: StackToRemove,
  clients: StackClients,
  { clock, onStep = () => {}, data = 'refuse', propagationMs = 60_000 }: DestroyOptions,
): Promise<Result<DestroyedStack, DestroyFailure>> {
  const startedAt = clock.monotonic()
  const names = nameResources(prefix, bucket)
  const removed: Resource[] = []
  const left: LeftResource[] = []
  let accountId = ''

  const readAccount = async (): Promise<void> => {
    accountId = (await findCaller(clients)).accountId
  }
  const refuseData = async (): Promise<void> => {
    const found = await findData(clients, { prefix, names, accountId, region })
    for (const holding of found) obstacles.push(refusalOf(holding))
  }
  const obstacles: StackProblem[] = []
  const unread = await runTasks([
    { id: 'account', needs: [], run: readAccount },
    { id: 'data', needs: ['account'], run: data === 'refuse' ? refuseData : async () => {} },
  ])
  if (unread.length + obstacles.length > 0)
    return { ok: false, failure: { problems: [...unread, ...obstacles], removed, left } }

  const remove = (resource: Resource, name: string, removal: Removal) => async (): Promise<void> => {
    const context = { clients, clock, prefix, accountId, region, deleteData: data === 'delete' }
    const outcome = await withRetries(() => removal(name, context), { clock, resource })
    if (outcome.kind === 'left') left.push(leftOf(resource, outcome))
    if (outcome.kind !== 'removed') return
    removed.push(resource)
    onStep({ kind: 'removed', resource, milliseconds: clock.monotonic() - startedAt })
  }
  const task = (resource: Resource, removal: Removal, more: { name?: string; needs?: readonly string[] } = {}) => ({
    id: `${resource.kind} ${resource.name}`,
    needs: more.needs ?? [],
    run: remove(resource, more.name ?? resource.name, removal),
  })
  const lanes = LANES.map((lane) => names.lanes[lane])
  const mappings = lanes.map(({ function: name, queue }) => ({
    name,
    resource: { kind: 'mapping', name: `${queue} -> ${name}` } as const,
  }))
  const arns = createArns({ region, accountId })
  const closing = (data === 'delete' ? [] : INTAKE_LANES.map((lane) => names.lanes[lane].queue)).map((name) => ({
    id: `closed ${name}`,
    needs: [],
    run: () =>
      withRetries(() => closeQueue(clients.sqs, { name, prefix, names, arns }), {
        clock,
        resource: { kind: 'queue', name },
      }),
  }))
  const closed = closing.map(({ id }) => id)
  const stopped = mappings.map(({ resource }) => `mapping ${resource.name}`)
  const { intake } = names
  const unreached = [`schedule ${intake.schedule}`, `url ${intake.function}`]
  const gone = [...lanes, intake].map(({ function: name }) => `function ${name}`)
  const unbound = [...lanes, intake].map(({ role: name }) => `role ${name}`)

  const problems = await runTasks([
    ...closing,
    ...mappings.map(({ resource, name }) => task(resource, removeMappings, { name, needs: closed })),
    // From the last mapping on: a message that a function had just received is counted as late as that.
    { id: 'settled', needs: [...closed, ...stopped], run: () => sleep(clock, closed.length > 0 ? propagationMs : 0) },
    task({ kind: 'schedule', name: intake.schedule }, removeSchedule),
    task({ kind: 'url', name: intake.function }, removeUrl),
    task({ kind: 'function', name: intake.function }, removeFunction, { needs: unreached }),
    task({ kind: 'role', name: intake.role }, removeRole, { needs: gone }),
    ...lanes.map(({ function: name }) => task({ kind: 'function', name }, removeFunction, { needs: stopped })),
    ...lanes.map(({ role: name }) => task({ kind: 'role', name }, removeRole, { needs: gone })),
    ...lanes.map(({ queue: name }) => task({ kind: 'queue', name }, removeQueue, { needs: ['settled'] })),
    task({ kind: 'policy', name: names.boundary }, removeBoundary, { needs: unbound }),
    task({ kind: 'bucket', name: names.bucket }, removeBucket, { needs: gone }),
  ])
  if (problems.length > 0) return { ok: false, failure: { problems, removed, left } }
  return { ok: true, value: { removed, left, milliseconds: clock.monotonic() - startedAt } }
}

function refusalOf({ resource, holds }: Holding): StackProblem {
  const todo =
    resource.kind === 'queue'
      ? 'Wait until it is delivered, then run this again; --keep-data leaves the queue and removes the rest, --delete-data deletes what it holds.'
      : '--keep-data leaves the bucket and removes the rest, --delete-data deletes what it holds.'
  return { code: 'holds-data', resource, problem: `it holds ${holds}: nothing was removed.`, todo }
}

function leftOf(resource: Resource, outcome: Extract<RemovalOutcome, { kind: 'left' }>): LeftResource {
  const { why } = outcome
  const keptUntil = why === 'holds-data' ? outcome.keptUntil : undefined
  return { resource, why, reason: reasonOf(outcome), ...(keptUntil !== undefined && { keptUntil }) }
}

function reasonOf(outcome: Extract<RemovalOutcome, { kind: 'left' }>): string {
  switch (outcome.why) {
    case 'not-managed':
      return outcome.owner === undefined
        ? 'it has the name, but not our tags: it was not made by this stack'
        : `it belongs to the stack of the prefix ${outcome.owner}`
    case 'needs-administrator':
      return `only an administrator of the account may delete it: ${outcome.todo}`
    case 'holds-data':
      return `it holds ${outcome.holds}; to delete them too, use --delete-data`
  }
}
