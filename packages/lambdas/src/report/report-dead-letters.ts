import { answerBatch, readBatch, type AnswerPorts, type BatchAnswer, type QueueMessage } from '../batch.ts'
import { hasTimeForCall, type Execution } from '../execution.ts'
import { retrySoon } from '../message-result.ts'
import { archiveDeadLetter, type ArchiveLetterPorts } from './archive-dead-letter.ts'
import { notifyAdmin, type NotifyPorts } from './notify-admin.ts'
import { notifyTeams, type NotifyTeamsPorts } from './notify-teams.ts'
import { readDeadLetter } from './read-dead-letter.ts'
import type { Archived } from './write-archive.ts'

/** A message that goes back stays hidden this long at least; its queue keeps it for 14 days. */
const SHORTEST_SECONDS = 180
const LONGEST_SECONDS = 15 * 60

/**
 * A batch of line 3: archives what could not be delivered, whole, and notifies an admin: first the whole batch is archived, then
 * one notice reports it. Every step is keyed by ticket and life, so that a repeat is harmless. What fails here is tried
 * again for as long as the queue keeps it.
 */
export function createReportDeadLetters(
  ports: ArchiveLetterPorts & NotifyPorts & AnswerPorts & NotifyTeamsPorts,
): (event: unknown, execution: Execution) => Promise<BatchAnswer> {
  return async (event, execution) => {
    const retries: { readonly message: QueueMessage; readonly until: number }[] = []
    const archived: { readonly message: QueueMessage; readonly archived: Archived }[] = []
    for (const message of readBatch(event)) {
      // A letter for whose notice no time is left is not begun.
      const result = hasTimeForCall(ports.clock.monotonic(), execution, 0)
        ? await archiveDeadLetter(ports, readDeadLetter(message))
        : retrySoon(ports)
      if (result.kind === 'retry') retries.push({ message, until: result.until })
      if (result.kind === 'archived') archived.push({ message, archived: result })
    }
    const letters = archived.map((each) => each.archived)
    const notified = await notifyTeams(ports, letters, await notifyAdmin(ports, letters, execution))
    const now = ports.clock.now()
    for (const { message, archived: each } of archived)
      if (!notified.has(each.letter.key)) retries.push({ message, until: now })
    const keptBack = retries.map(({ message, until }) => ({ message, seconds: secondsUntil(until, now, message) }))
    return answerBatch(ports, execution, keptBack)
  }
}

function secondsUntil(until: number, now: number, message: QueueMessage): number {
  const backOff = Math.min(LONGEST_SECONDS, SHORTEST_SECONDS * message.receiveCount)
  return Math.max(backOff, Math.ceil((until - now) / 1000))
}
