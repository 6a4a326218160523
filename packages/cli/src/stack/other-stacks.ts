import { findOtherStacks, type OtherStack, type StackPlan, type StackProblem } from '@ticketing/stack'
import { secretNameOf } from 'ticket-core'
import type { StackTarget } from '../stack-target.ts'
import type { Hint } from '../target.ts'

/** The queues that an apply would make are the ones of a new stack, or of one that was interrupted. */
function makesQueues({ changes }: StackPlan): boolean {
  return changes.some(({ action, resource }) => action === 'create' && resource.kind === 'queue')
}

/** What a stack under another prefix is, line by line. */
export function describeOther({ prefix, queues, hasBucket, bucket }: OtherStack, hint: Hint): readonly string[] {
  return [
    `left behind: the stack of the prefix ${prefix}`,
    ...queues.map(
      ({ name, messages }) => `  queue ${name}: ${messages === 0 ? 'empty' : `about ${messages} messages`}`,
    ),
    ...(hasBucket ? [`  bucket ${bucket}`] : []),
    `  to remove it: ${hint(`down --prefix ${prefix}`)}`,
  ]
}

/**
 * Objects to a stack that would silently be a second one: the secret has another prefix than the stack that it made, and
 * nothing says that this one is to take its place. Its tickets would be out of sight.
 */
export async function objectToSecondStack(
  plan: StackPlan,
  { clients, secret, secretId, bucket }: Pick<StackTarget, 'clients' | 'secret' | 'secretId' | 'bucket'>,
  {
    from,
    hint,
    note,
  }: { readonly from: string | undefined; readonly hint: Hint; readonly note: (line: string) => void },
): Promise<readonly StackProblem[]> {
  if (from === undefined && !makesQueues(plan)) return []
  const found = await findOtherStacks(clients, { prefix: secret.prefix, system: secretNameOf(secretId) })
  if (!found.ok) {
    // What AWS does not answer now may answer later; what this caller may not see stays unseen.
    if (found.failure.code !== 'not-allowed') return [found.failure]
    note(`note: whether there is a stack of another prefix could not be found out: ${found.failure.problem}`)
    return []
  }
  const resource = { kind: 'secret', name: secretId } as const
  const living = found.value.filter(({ queues }) => queues.length > 0)
  const other = living.find(({ prefix }) => prefix === from)
  if (from !== undefined && !other) {
    if (!makesQueues(plan)) return []
    const problem = `--from-prefix ${from}: there is no stack of this prefix.`
    return [{ code: 'other-prefix', resource, problem, todo: describeFound(living) }]
  }
  const left = other ?? living[0]
  if (!left || (other && left.bucket === bucket)) return []
  const keep =
    left.bucket === bucket
      ? ''
      : `put BUCKET=${left.bucket} into the secret (a bucket cannot be renamed, and it holds what is known of every ticket), then `
  return [
    {
      code: 'other-prefix',
      resource,
      problem: `its PREFIX is ${secret.prefix}, and the stack that it made has the prefix ${left.prefix}. Nothing was changed.`,
      todo: `To go on with the prefix ${secret.prefix}: ${keep}${hint(`up --from-prefix ${left.prefix}`)}. To go back: set PREFIX to ${left.prefix}. A second system needs a secret of its own (TICKETING_SECRET_ID).`,
    },
  ]
}

function describeFound(living: readonly OtherStack[]): string {
  if (living.length === 0) return 'There is none of another prefix at all: leave --from-prefix out.'
  return `These are there: ${living.map(({ prefix }) => prefix).join(', ')}.`
}

/** What is still to do after a stack took the place of another one. */
export async function describeMove(
  { clients, secret, secretId }: Pick<StackTarget, 'clients' | 'secret' | 'secretId'>,
  { from, hint }: { readonly from: string; readonly hint: Hint },
): Promise<readonly string[]> {
  const found = await findOtherStacks(clients, { prefix: secret.prefix, system: secretNameOf(secretId) })
  const old = found.ok ? found.value.find(({ prefix }) => prefix === from) : undefined
  if (!old) return [`nothing is left of the prefix ${from}`]
  const waiting = old.queues.reduce((sum, { messages }) => sum + messages, 0)
  return [
    `the functions of ${from} go on: about ${waiting} messages wait in its queues`,
    `next: restart the server, so that it sends to the queues of ${secret.prefix}`,
    `then remove what is left, once its queues are empty: ${hint(`down --prefix ${from}`)}`,
  ]
}
