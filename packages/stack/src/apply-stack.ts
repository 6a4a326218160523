import type { StackClients } from './clients.ts'
import { type Clock, type Result, fail, succeed } from 'ticket-core'
import { describePlan, type StackPlan } from './describe-plan.ts'
import type { DesiredStack } from './desired/desired-stack.ts'
import type { Context, StackStep } from './kind.ts'
import { observeStack } from './plan-stack.ts'
import type { Change, StackProblem } from './resource.ts'
import { runTasks } from './run-tasks.ts'

export interface StackOptions {
  readonly clock: Clock
  /** Called for every change, wait and removal as it happens. */
  readonly onStep?: (step: StackStep) => void
}

interface ApplyOptions extends StackOptions {
  /** Looks at what would happen, before anything is changed. Problems that it returns stop it there. */
  readonly approve?: (plan: StackPlan) => Promise<readonly StackProblem[]> | readonly StackProblem[]
}

/** What exists after an apply, and what was changed. */
export interface AppliedStack {
  /** By queue name. */
  readonly queueUrls: Readonly<Record<string, string>>
  readonly bucket: string
  /** By function name. */
  readonly functionArns: Readonly<Record<string, string>>
  /** Addresses on the internet, by function name. */
  readonly functionUrls: Readonly<Record<string, string>>
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
 * first: an obstacle (a bucket of another account) stops it before anything is changed, and so does
 * `approve`.
 */
export async function applyStack(
  desired: DesiredStack,
  clients: StackClients,
  { clock, onStep = () => {}, approve = () => [] }: ApplyOptions,
): Promise<Result<AppliedStack, StackFailure>> {
  const startedAt = clock.monotonic()
  const { accountId, region } = desired
  const queueUrls = new Map<string, string>()
  const functionUrls = new Map<string, string>()
  const context: Context = { clients, clock, accountId, region, queueUrls, functionUrls, onStep }

  const observed = await observeStack(desired, context)
  if (!observed.ok) return fail({ problems: observed.failure, changes: [] })
  const objections = await approve(describePlan(desired, observed.value))
  if (objections.length > 0) return fail({ problems: objections, changes: [] })

  const unprepared = await runTasks(observed.value.map(({ id, prepare: run }) => ({ id, needs: [], run })))
  if (unprepared.length > 0) return fail({ problems: unprepared, changes: [] })

  const changes: Change[] = []
  const problems = await runTasks(
    observed.value.map(({ id, needs, change, apply }) => ({
      id,
      needs,
      run: async () => {
        const changed = change && (await apply())
        if (changed) changes.push(changed)
      },
    })),
  )
  if (problems.length > 0) return fail({ problems, changes })
  return succeed({
    queueUrls: Object.fromEntries(desired.queues.map(({ name }) => [name, queueUrls.get(name) ?? ''])),
    bucket: desired.bucket.name,
    functionArns: Object.fromEntries(desired.functions.map(({ name, arn }) => [name, arn])),
    functionUrls: Object.fromEntries(functionUrls),
    changes,
    milliseconds: clock.monotonic() - startedAt,
  })
}
