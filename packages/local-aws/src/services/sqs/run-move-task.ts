import { pickUuid } from '../../random.ts'
import { numberOf, optionalTextOf, type Row } from '../../sql.ts'
import { storageFailure } from '../../storage-failure.ts'
import { findTask, runningTasks, updateTask, type MoveTask } from './move-task-record.ts'
import { findQueueByArn, type QueueRecord } from './queue-record.ts'
import type { SqsContext } from './sqs-context.ts'

// The step of a task without a rate: other calls run between steps.
const atOnce = 500
const AFTER_FAILURE_MS = 1000

/** Moves one step of messages, then schedules the next until the task is done or cancelled. */
export function runMoveTask(context: SqsContext, handle: string): void {
  const again = (ms: number): void => void context.clock.after(ms, () => runMoveTask(context, handle))
  try {
    const task = findTask(context.sql, handle)
    if (task?.status !== 'RUNNING') return
    const status = context.sql.atomically(() => moveSome(context, task))
    if (status === 'RUNNING') again(task.perSecond === undefined ? 0 : 1000)
  } catch (error) {
    // No caller waits for this step: retry, since a full disk may have space later.
    if (!storageFailure(error)) throw error
    again(AFTER_FAILURE_MS)
  }
}

/** Resumes tasks that were running when the process ended. */
export function resumeMoveTasks(context: SqsContext): void {
  for (const { handle } of runningTasks(context.sql)) runMoveTask(context, handle)
}

function moveSome(context: SqsContext, task: MoveTask): MoveTask['status'] {
  const { sql, clock } = context
  const source = findQueueByArn(sql, task.source)
  if (!source) return end(context, task, 'AWS.SimpleQueueService.NonExistentQueue')
  const max = Math.min(task.perSecond ?? atOnce, task.toMove - task.moved)
  const rows = sql.all(
    'SELECT seq, dead_letter_source FROM sqs_messages WHERE queue_id = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?',
    source.id,
    clock.now(),
    max,
  )
  let { moved } = task
  for (const row of rows) {
    const arn = task.destination ?? optionalTextOf(row, 'dead_letter_source')
    const target = arn === undefined ? undefined : findQueueByArn(sql, arn)
    if (!target)
      return end(
        context,
        { ...task, moved },
        arn === undefined ? 'CouldNotDetermineMessageSource' : 'AWS.SimpleQueueService.NonExistentQueue',
      )
    moveOne(context, { row, source, target })
    moved += 1
  }
  const status = rows.length === 0 || moved >= task.toMove ? 'COMPLETED' : 'RUNNING'
  updateTask(sql, task.handle, { status, moved, failure: undefined })
  return status
}

function end({ sql }: SqsContext, task: MoveTask, failure: string): MoveTask['status'] {
  updateTask(sql, task.handle, { status: 'FAILED', moved: task.moved, failure })
  return 'FAILED'
}

interface Move {
  readonly row: Row
  readonly source: QueueRecord
  readonly target: QueueRecord
}

// A redriven message is a new one, with a new id and time of sending
// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html).
function moveOne({ sql, clock, random, messageSignal, emit }: SqsContext, { row, source, target }: Move): void {
  const now = clock.now()
  const messageId = pickUuid(random)
  sql.run(
    `UPDATE sqs_messages SET queue_id = ?1, id = ?2, sent_at = ?3, visible_at = ?3, receive_count = 0,
       first_received_at = NULL, received_at = NULL, handle_nonce = NULL, dead_letter_source = NULL WHERE seq = ?4`,
    target.id,
    messageId,
    now,
    numberOf(row, 'seq'),
  )
  emit({ kind: 'message-moved', queue: target.name, from: source.name, messageId })
  messageSignal.notify(target.id)
}
