import { readQueue } from '@ticketing/stack'
import type { Testbed } from '@ticketing/testbed'
import { LANES } from 'ticket-core'
import { countOf } from '../text/layout.ts'

/** What earlier runs left in the queues, for one line; undefined where nothing waits. */
export async function describeWaiting({ clients, prefix }: Testbed): Promise<string | undefined> {
  const read = await Promise.all(LANES.map((lane) => readQueue(clients, { prefix, lane })))
  const waiting = read.flatMap((queue) => {
    if (!queue.ok || !queue.value) return []
    const { name, visible, inFlight, delayed } = queue.value
    const count = visible + inFlight + delayed
    return count === 0 ? [] : [`${countOf(count, 'message')} in ${name}`]
  })
  return waiting.length === 0 ? undefined : `still waiting from before: ${waiting.join(', ')}`
}
