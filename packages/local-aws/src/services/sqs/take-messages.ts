import { AwsError } from '../../service.ts'
import { numberOf, optionalNumberOf, optionalTextOf, textOf, type Row, type Sql } from '../../sql.ts'
import { StoredDataDamaged } from '../../storage-failure.ts'
import { md5Of } from './check-message.ts'
import { retentionStart } from './count-messages.ts'
import { arnOf, findQueueByArn, type QueueRecord } from './queue-record.ts'
import { redrivePolicyOf } from './redrive-policy.ts'
import type { SqsContext } from './sqs-context.ts'

/** A message, taken by a receive. */
export interface TakenMessage {
  readonly seq: number
  readonly id: string
  readonly body: string
  readonly md5: string
  readonly attributes: string | undefined
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  readonly sender: string
  readonly sentAt: number
  readonly receiveCount: number
  readonly firstReceivedAt: number
  readonly nonce: string
  readonly deadLetterSource: string | undefined
}

export interface Taking {
  readonly max: number
  readonly visibilitySeconds: number
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxInFlight = 120_000

/**
 * Takes visible messages in one transaction, the longest visible first. A message that was received as often as the
 * redrive policy allows moves to the dead-letter queue instead; one older than the retention period is dropped.
 */
export function takeMessages(context: SqsContext, queue: QueueRecord, taking: Taking): readonly TakenMessage[] {
  const { sql, clock, messageSignal } = context
  const now = clock.now()
  if (!hasVisible(sql, queue.id, now)) return []
  const deadLetters = deadLetterTarget(sql, queue)
  const moved: Moved[] = []
  const taken = sql.atomically(() => takeVisible(context, { queue, now, taking, deadLetters, moved }))
  for (const { id, receiveCount } of moved) {
    const deadLetterQueue = deadLetters?.target.name ?? ''
    context.emit({ kind: 'message-dead-lettered', queue: queue.name, messageId: id, deadLetterQueue, receiveCount })
  }
  if (deadLetters && moved.length > 0) messageSignal.notify(deadLetters.target.id)
  return taken
}

/** Whether a message is visible now. */
export function hasVisible(sql: Sql, queueId: number, now: number): boolean {
  return (
    sql.one('SELECT 1 AS found FROM sqs_messages WHERE queue_id = ? AND visible_at <= ? LIMIT 1', queueId, now) !==
    undefined
  )
}

interface DeadLetters {
  readonly target: QueueRecord
  readonly maxReceiveCount: number
}

// If the dead-letter queue was deleted, messages stay in their queue, as on AWS.
function deadLetterTarget(sql: Sql, queue: QueueRecord): DeadLetters | undefined {
  const policy = redrivePolicyOf(queue.attributes)
  const target = policy && findQueueByArn(sql, policy.deadLetterTargetArn)
  return policy && target && { target, maxReceiveCount: policy.maxReceiveCount }
}

interface Moved {
  readonly id: string
  readonly receiveCount: number
}

function moveDeadLetters(
  sql: Sql,
  rows: readonly Row[],
  { queue, deadLetters, now }: { queue: QueueRecord; deadLetters: DeadLetters; now: number },
): readonly Moved[] {
  const { target, maxReceiveCount } = deadLetters
  const dead = rows.filter((row) => numberOf(row, 'receive_count') >= maxReceiveCount)
  // The time of sending stays, as on a standard queue.
  const statement =
    'UPDATE sqs_messages SET queue_id = ?, visible_at = ?, handle_nonce = NULL, dead_letter_source = ? WHERE seq = ?'
  for (const row of dead) sql.run(statement, target.id, now, arnOf(queue), numberOf(row, 'seq'))
  return dead.map((row) => ({ id: textOf(row, 'id'), receiveCount: numberOf(row, 'receive_count') }))
}

interface Visible {
  readonly queue: QueueRecord
  readonly now: number
  readonly taking: Taking
  readonly deadLetters: DeadLetters | undefined
  /** Called for each message that moved to the dead-letter queue. */
  readonly moved: Moved[]
}

/** Moves or drops only messages that this receive reads: repeats until the first visible ones can be taken. */
function takeVisible(
  { sql, random }: SqsContext,
  { queue, now, taking, deadLetters, moved }: Visible,
): readonly TakenMessage[] {
  const cutoff = retentionStart(queue, now)
  for (;;) {
    const rows = sql.all(
      'SELECT * FROM sqs_messages WHERE queue_id = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?',
      queue.id,
      now,
      taking.max,
    )
    const dead = deadLetters ? moveDeadLetters(sql, rows, { queue, deadLetters, now }) : []
    moved.push(...dead)
    if (dead.length > 0) continue
    const expired = rows.filter((row) => numberOf(row, 'sent_at') <= cutoff)
    if (expired.length === 0) {
      if (rows.length > 0) refuseTooManyInFlight(sql, queue.id, now)
      return rows.map((row) => {
        const nonce = Buffer.from(random(8)).toString('hex')
        sql.run(
          `UPDATE sqs_messages SET receive_count = receive_count + 1, received_at = ?1,
             first_received_at = COALESCE(first_received_at, ?1), visible_at = ?2, handle_nonce = ?3 WHERE seq = ?4`,
          now,
          now + taking.visibilitySeconds * 1000,
          nonce,
          numberOf(row, 'seq'),
        )
        return readTaken(row, now, nonce)
      })
    }
    for (const row of expired) sql.run('DELETE FROM sqs_messages WHERE seq = ?', numberOf(row, 'seq'))
  }
}

function refuseTooManyInFlight(sql: Sql, queueId: number, now: number): void {
  const row = sql.one(
    `SELECT COUNT(*) AS count FROM (
       SELECT 1 FROM sqs_messages WHERE queue_id = ? AND visible_at > ? AND handle_nonce IS NOT NULL LIMIT ?
     )`,
    queueId,
    now,
    maxInFlight,
  )
  if (row && numberOf(row, 'count') >= maxInFlight) {
    throw new AwsError('OverLimit', `Too many messages in flight: the limit is ${maxInFlight} for a queue.`, {
      status: 403,
    })
  }
}

function readTaken(row: Row, now: number, nonce: string): TakenMessage {
  if (md5Of(textOf(row, 'body')) !== textOf(row, 'md5'))
    throw new StoredDataDamaged(`the body of message ${textOf(row, 'id')} does not have the MD5 that it was sent with`)
  return {
    seq: numberOf(row, 'seq'),
    id: textOf(row, 'id'),
    body: textOf(row, 'body'),
    md5: textOf(row, 'md5'),
    attributes: optionalTextOf(row, 'attributes'),
    traceHeader: optionalTextOf(row, 'trace_header'),
    groupId: optionalTextOf(row, 'group_id'),
    sender: textOf(row, 'sender'),
    sentAt: numberOf(row, 'sent_at'),
    receiveCount: numberOf(row, 'receive_count') + 1,
    firstReceivedAt: optionalNumberOf(row, 'first_received_at') ?? now,
    nonce,
    deadLetterSource: optionalTextOf(row, 'dead_letter_source'),
  }
}
