import { createStackClients, readQueue } from '@ticketing/stack'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'

export type Unarchived =
  | { readonly kind: 'counted'; readonly count: number; readonly queue: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** How many messages are in the dead-letter queue: letters of which the archive knows nothing yet. */
export async function countUnarchived({ aws, secret }: System): Promise<Unarchived> {
  const read = await readQueue(createStackClients(aws), { prefix: secret.prefix, lane: 'dead' })
  if (!read.ok) return { kind: 'unknown', reason: `${read.failure.problem} ${read.failure.todo}` }
  if (!read.value) return { kind: 'unknown', reason: `${secret.prefix}-DLQ is not there. Apply the stack again.` }
  const { name, visible, inFlight, delayed } = read.value
  return { kind: 'counted', count: visible + inFlight + delayed, queue: name }
}

/** Nothing where all is archived, or known to be. */
export function describeUnarchived(unarchived: Unarchived): string[] {
  if (unarchived.kind === 'unknown') return [`The dead-letter queue could not be looked into: ${unarchived.reason}`]
  const { count, queue } = unarchived
  if (count === 0) return []
  return [
    `About ${countOf(count, 'message')} in ${queue}, not archived or not told of yet; if that stays, see its log.`,
  ]
}
