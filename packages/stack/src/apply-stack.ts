import type { StackClients } from './clients.ts'
import { type Clock, type Result } from 'ticket-core'
import type { DesiredStack } from './desired/desired-stack.ts'
import type { Context, StackStep } from './kind.ts'
import { type PlannedResource, listResources } from './plan-stack.ts'
import { findCaller } from './read-caller.ts'
import { type Change, type StackProblem, StackError } from './resource.ts'
import { runTasks } from './run-tasks.ts'

export interface StackOptions {
  readonly clock: Clock
  /** Called for every change, wait and removal as it happens. */
  readonly onStep?: (step: StackStep) => void
}

/** What exists after an apply, and what was changed. */
export interface AppliedStack {
  /** By queue name. */
  readonly queueUrls: Readonly<Record<string, string>>
  readonly bucket: string
  /** By function name. */
  readonly functionArns: Readonly<Record<string, string>>
  /** Empty when nothing had to change. */
  readonly changes: readonly Change[]
  readonly milliseconds: number
}

/** What failed, and what was changed anyway. Another run continues from there. */
export interface StackFailure {
  readonly problems: readonly StackProblem[]
  readonly changes: readonly Change[]
}

/**
 * Makes what is missing and changes what differs, nothing else; safe to run again, and concurrently. Observes everything
 * first: an obstacle (a bucket of another account) stops it before anything is changed.
 */
export async function applyStack(
  desired: DesiredStack,
  clients: StackClients,
  { clock, onStep = () => {} }: StackOptions,
): Promise<Result<AppliedStack, StackFailure>> {
  const startedAt = clock.monotonic()
  const { accountId, region } = desired
  const queueUrls = new Map<string, string>()
  const context: Context = { clients, clock, accountId, region, queueUrls, onStep }

  const resources = listResources(desired)
  const plan = new Map<string, PlannedResource>()
  const obstacles = await runTasks([
    { id: 'account', needs: [], run: () => checkAccount(accountId, clients) },
    ...resources.map(({ id, look }) => ({
      id,
      needs: ['account'],
      run: async () => plan.set(id, await look(context)),
    })),
  ])
  if (obstacles.length > 0) return { ok: false, failure: { problems: obstacles, changes: [] } }

  const changes: Change[] = []
  const problems = await runTasks(
    resources
      .flatMap(({ id }) => plan.get(id) ?? [])
      .map(({ id, needs, change, apply }) => ({
        id,
        needs,
        run: async () => {
          const changed = change && (await apply())
          if (changed) changes.push(changed)
        },
      })),
  )
  if (problems.length > 0) return { ok: false, failure: { problems, changes } }
  return {
    ok: true,
    value: {
      queueUrls: Object.fromEntries(desired.queues.map(({ name }) => [name, queueUrls.get(name) ?? ''])),
      bucket: desired.bucket.name,
      functionArns: Object.fromEntries(desired.functions.map(({ name, arn }) => [name, arn])),
      changes,
      milliseconds: clock.monotonic() - startedAt,
    },
  }
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
