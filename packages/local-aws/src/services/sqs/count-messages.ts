import { numberOf, type Sql } from '../../sql.ts'
import { numberAttribute } from './attribute-rules.ts'
import type { QueueRecord } from './queue-record.ts'

export interface MessageCounts {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
}

/** The messages in a queue at this time, without expired ones. */
export function countMessages(sql: Sql, queue: QueueRecord, now: number): MessageCounts {
  const row = sql.one(
    `SELECT
       COUNT(*) FILTER (WHERE visible_at <= ?1) AS visible,
       COUNT(*) FILTER (WHERE visible_at > ?1 AND handle_nonce IS NOT NULL) AS in_flight,
       COUNT(*) FILTER (WHERE visible_at > ?1 AND handle_nonce IS NULL) AS delayed
     FROM sqs_messages WHERE queue_id = ?2 AND sent_at > ?3`,
    now,
    queue.id,
    retentionStart(queue, now),
  )
  if (!row) throw new TypeError('A count has one row.')
  return { visible: numberOf(row, 'visible'), inFlight: numberOf(row, 'in_flight'), delayed: numberOf(row, 'delayed') }
}

/** Messages sent at this instant or before have outlived the queue's retention. */
export function retentionStart({ attributes }: QueueRecord, now: number): number {
  return now - numberAttribute(attributes, 'MessageRetentionPeriod') * 1000
}
