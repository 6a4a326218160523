import { isDeepStrictEqual } from 'node:util'
import { type Clock, type Result, fail, succeed } from 'ticket-core'
import type { StackClients } from './clients.ts'
import type { DesiredStack } from './desired/desired-stack.ts'
import { observeStack } from './plan-stack.ts'
import type { PlannedResource } from './planned-resource.ts'
import type { Change, Resource, StackProblem } from './resource.ts'

/**
 * Why a resource has to change. `missing`: it does not exist. `not-ours`: it exists without our tags, made by the older
 * system or a person. `other-prefix`: it belongs to the stack of another prefix. `described-otherwise`: it should be
 * something else than when it was made (another code, setting, secret or version of this product). `changed-by-hand`: it
 * should be what it was, and is not any more. `not-wanted`: line 1 is a server now.
 */
export const REASONS = [
  'missing',
  'not-ours',
  'other-prefix',
  'described-otherwise',
  'changed-by-hand',
  'not-wanted',
] as const

export type Reason = (typeof REASONS)[number]

export interface PlannedChange extends Change {
  readonly reason: Reason
  /** Digest of the description that it will be made from. */
  readonly madeFrom: string
}

/** What an apply would do, and what it would leave as it is: plain data, to be shown, kept and agreed to. */
export interface StackPlan {
  readonly accountId: string
  readonly region: string
  readonly prefix: string
  readonly changes: readonly PlannedChange[]
  readonly kept: readonly Resource[]
}

/** What {@link applyStack} would do now. Changes nothing. */
export async function planStack(
  desired: DesiredStack,
  clients: StackClients,
  { clock }: { readonly clock: Clock },
): Promise<Result<StackPlan, readonly StackProblem[]>> {
  const { accountId, region } = desired
  const context = { clients, clock, accountId, region, queueUrls: new Map(), functionUrls: new Map(), onStep: () => {} }
  const observed = await observeStack(desired, context)
  return observed.ok ? succeed(describePlan(desired, observed.value)) : fail(observed.failure)
}

/** The plan as data. */
export function describePlan(
  { accountId, region, prefix }: Pick<DesiredStack, 'accountId' | 'region' | 'prefix'>,
  planned: readonly PlannedResource[],
): StackPlan {
  return {
    accountId,
    region,
    prefix,
    changes: planned.flatMap(({ change, madeFrom }) =>
      change ? [{ ...change, reason: reasonOf(change), madeFrom }] : [],
    ),
    kept: planned.flatMap(({ change, resource }) => (change ? [] : [resource])),
  }
}

function reasonOf({ action, adopted, differences }: Change): Reason {
  const fromOf = (tag: string): string | undefined => differences.find(({ field }) => field === `tag ${tag}`)?.from
  if (action === 'create') return 'missing'
  if (action === 'remove') return 'not-wanted'
  if (fromOf('prefix') !== undefined) return 'other-prefix'
  if (adopted) return 'not-ours'
  // The tags of the boundary are not compared: an administrator may have made it by hand.
  return fromOf('made-from') === undefined ? 'changed-by-hand' : 'described-otherwise'
}

/** What is not as it was when the plan was made; empty: it may be applied. */
export function findDeviations(agreed: StackPlan, now: StackPlan): readonly StackProblem[] {
  const place = ({ accountId, region, prefix }: StackPlan): string =>
    `account ${accountId}, region ${region}, prefix ${prefix}`
  if (place(agreed) !== place(now)) {
    const problem = `the plan was made for ${place(agreed)}, and this is ${place(now)}`
    return [outdated({ kind: 'account', name: now.accountId }, problem)]
  }
  const before = byName(agreed.changes)
  const after = byName(now.changes)
  return [...new Map([...before, ...after]).values()].flatMap(({ resource }) => {
    const [was, is] = [before.get(nameOf(resource)), after.get(nameOf(resource))]
    if (isDeepStrictEqual(was, is)) return []
    if (!is) return [outdated(resource, 'the plan changes it, and nothing has to change any more')]
    if (!was) return [outdated(resource, `the plan leaves it as it is, and now it needs ${words(is)}`)]
    return [outdated(resource, `the plan has ${words(was)}, and now it needs ${words(is)}`)]
  })
}

function byName(changes: readonly PlannedChange[]): Map<string, PlannedChange> {
  return new Map(changes.map((change) => [nameOf(change.resource), change]))
}

function nameOf({ kind, name }: Resource): string {
  return `${kind} ${name}`
}

function words({ action, differences, madeFrom }: PlannedChange): string {
  const fields = differences.filter(({ field }) => !field.startsWith('tag '))
  if (action === 'create') return `to be made (from the description ${madeFrom})`
  if (action === 'remove') return 'to be removed'
  const shown = fields.length > 0 ? fields : differences
  return `a change of ${shown.map(({ field, to }) => (to.length > LONGEST_SHOWN ? field : `${field} to ${to}`)).join(', ')}`
}

/** Policies are longer: only the field is named. */
const LONGEST_SHOWN = 80

function outdated(resource: Resource, problem: string): StackProblem {
  return { code: 'plan-outdated', resource, problem, todo: 'Make a new plan, and look at it.' }
}
