import { pickUuid } from '../../random.ts'
import { AwsError, type Call } from '../../service.ts'
import { countMessages } from './count-messages.ts'
import { findSources } from './dead-letter-operations.ts'
import { findTask, insertTask, tasksOf, updateTask, type MoveTask } from './move-task-record.ts'
import { findQueueByArn, type QueueRecord } from './queue-record.ts'
import { runMoveTask } from './run-move-task.ts'
import { invalidParameter, invalidValue } from './sqs-errors.ts'
import type {
  CancelMessageMoveTaskCommandInput,
  CancelMessageMoveTaskResult,
  ListMessageMoveTasksCommandInput,
  ListMessageMoveTasksResult,
  ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskCommandInput,
  StartMessageMoveTaskResult,
} from '@aws-sdk/client-sqs'
import type { SqsContext } from './sqs-context.ts'

/** Starts to move a dead-letter queue's messages back, or to another queue; one task at a time for each queue. */
export function startMessageMoveTask(
  context: SqsContext,
  input: StartMessageMoveTaskCommandInput,
  call: Call,
): StartMessageMoveTaskResult {
  const { SourceArn = '', DestinationArn, MaxNumberOfMessagesPerSecond: perSecond } = input
  const { sql, clock, random } = context
  const source = queueOf(context, SourceArn)
  if (findSources(sql, source).length === 0)
    throw invalidParameter('Source queue must be configured as a Dead Letter Queue.')
  if (perSecond !== undefined && (!Number.isInteger(perSecond) || perSecond < 1 || perSecond > 500)) {
    throw invalidValue('MaxNumberOfMessagesPerSecond', perSecond, 'Must be between 1 and 500, if provided.')
  }
  if (DestinationArn !== undefined) {
    if (DestinationArn === SourceArn)
      throw invalidParameter('Source queue arn and destination queue arn cannot be same.')
    queueOf(context, DestinationArn)
  }
  if (tasksOf(sql, SourceArn).some(({ status }) => status === 'RUNNING')) {
    throw new AwsError(
      'UnsupportedOperation',
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    )
  }
  const id = JSON.stringify({ taskId: pickUuid(random), sourceArn: SourceArn })
  const task: MoveTask = {
    handle: Buffer.from(id).toString('base64'),
    region: call.region,
    source: SourceArn,
    destination: DestinationArn,
    perSecond,
    status: 'RUNNING',
    moved: 0,
    toMove: countMessages(sql, source, clock.now()).visible,
    startedAt: clock.now(),
    failure: undefined,
  }
  insertTask(sql, task)
  runMoveTask(context, task.handle)
  return { TaskHandle: task.handle }
}

/** The newest 1 to 10 tasks of a queue. Only a running task can be cancelled, so only that has a handle. */
export function listMessageMoveTasks(
  context: SqsContext,
  input: ListMessageMoveTasksCommandInput,
): ListMessageMoveTasksResult {
  const { SourceArn = '', MaxResults: max = 1 } = input
  if (max < 1 || max > 10) throw invalidValue('MaxResults', max, 'Must be between 1 and 10, if provided.')
  queueOf(context, SourceArn)
  const tasks = tasksOf(context.sql, SourceArn).slice(0, max)
  return {
    Results: tasks.map(describeTask),
  }
}

function describeTask(task: MoveTask): ListMessageMoveTasksResultEntry {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.source,
    ...(task.destination !== undefined && { DestinationArn: task.destination }),
    ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  }
}

/** Cancels a running task; messages that it moved stay moved. */
export function cancelMessageMoveTask(
  { sql }: SqsContext,
  { TaskHandle = '' }: CancelMessageMoveTaskCommandInput,
): CancelMessageMoveTaskResult {
  const task = findTask(sql, TaskHandle)
  if (!task) throw new AwsError('ResourceNotFoundException', 'Task does not exist.', { status: 404 })
  if (task.status !== 'RUNNING') {
    throw new AwsError(
      'UnsupportedOperation',
      `Cannot cancel the task: its status is ${task.status}, expected RUNNING.`,
    )
  }
  updateTask(sql, task.handle, { ...task, status: 'CANCELLED' })
  return { ApproximateNumberOfMessagesMoved: task.moved }
}

function queueOf({ sql }: SqsContext, arn: string): QueueRecord {
  const queue = findQueueByArn(sql, arn)
  if (!queue)
    throw new AwsError(
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn or DestinationArn parameter doesn't exist.",
      { status: 404 },
    )
  return queue
}
