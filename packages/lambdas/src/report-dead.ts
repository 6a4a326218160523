import type { Execution } from './execution.ts'
import { postponesLeft, worksLeft } from './execution.ts'
import type { BatchAnswer, QueueMessage } from './read-batch.ts'
import { readBatch } from './read-batch.ts'
import { readDead } from './read-dead.ts'
import type { ReportPorts } from './report-ports.ts'
import type { Settled } from './settle-death.ts'
import { settleDeath } from './settle-death.ts'
import { tellAdmin } from './tell-admin.ts'
import type { Archived } from './write-archive.ts'

/** A message that goes back stays hidden this long at least; its queue keeps it for 14 days. */
const SHORTEST_SECONDS = 180
const LONGEST_SECONDS = 15 * 60

/**
 * Line 3: archives what could not be delivered, whole, and tells an admin: the whole batch first, then one notice of it.
 * Every step is keyed by ticket and life, so that a repeat is harmless; what fails here is tried again for as long as
 * the queue keeps it.
 */
export function createReportDead(ports: ReportPorts): (event: unknown, execution: Execution) => Promise<BatchAnswer> {
  return async (event, execution) => {
    const back: { readonly message: QueueMessage; readonly until: number }[] = []
    const archived: { readonly message: QueueMessage; readonly death: Archived }[] = []
    for (const message of readBatch(event)) {
      // An archive that was begun and not told is told again: what there is no time for is not begun.
      const inTime = worksLeft(ports.clock.monotonic(), execution, 0)
      const settled: Settled = inTime
        ? await settleDeath(ports, readDead(message))
        : { kind: 'later', until: ports.clock.now() }
      if (settled.kind === 'later') back.push({ message, until: settled.until })
      if (settled.kind === 'archived') archived.push({ message, death: settled })
    }
    const deaths = archived.map(({ death }) => death)
    const done = await tellAdmin(ports, deaths, execution)
    const now = ports.clock.now()
    for (const { message, death } of archived) if (!done.has(death.letter.key)) back.push({ message, until: now })
    if (back.length > 0 && postponesLeft(ports.clock.monotonic(), execution))
      await ports.source.postpone(
        back.map(({ message, until }) => ({
          receiptHandle: message.receiptHandle,
          seconds: secondsUntil(until, now, message),
        })),
      )
    return { batchItemFailures: back.map(({ message }) => ({ itemIdentifier: message.messageId })) }
  }
}

function secondsUntil(until: number, now: number, message: QueueMessage): number {
  const backOff = Math.min(LONGEST_SECONDS, SHORTEST_SECONDS * message.receiveCount)
  return Math.max(backOff, Math.ceil((until - now) / 1000))
}
