import { sqlOf } from '../../sql.ts'
import { systemRandom, type RandomBytes } from '../../random.ts'
import { getQueueAttributes, setQueueAttributes } from './attribute-operations.ts'
import { deleteMessage, deleteMessageBatch } from './delete-operations.ts'
import { listDeadLetterSourceQueues } from './dead-letter-operations.ts'
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './move-task-operations.ts'
import { peek } from './peek.ts'
import { addPermission, removePermission } from './permission-operations.ts'
import { createQueue, deleteQueue, getQueueUrl, listQueues, purgeQueue } from './queue-operations.ts'
import { receiveMessage } from './receive-operations.ts'
import { resumeMoveTasks } from './run-move-task.ts'
import { sendMessage, sendMessageBatch } from './send-operations.ts'
import { createSqsTables } from './sqs-tables.ts'
import { listQueueTags, tagQueue, untagQueue } from './tag-operations.ts'
import { changeMessageVisibility, changeMessageVisibilityBatch } from './visibility-operations.ts'
import { waitUntilVisible, type QueuePlace } from './wait-for-messages.ts'
import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import { bindOperations, type Service } from '../../service.ts'
import type { Store } from '../../store.ts'
import { createMessageSignal, type SqsContext } from './sqs-context.ts'

export interface SqsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly observe?: Observe
  /** The region of unsigned peeks. @default 'us-east-1' */
  readonly region?: string
  /** Message ids and receipt handles come from it. @default the system clock randomness */
  readonly random?: RandomBytes
  /**
   * Whether a second purge within 60 s, and creating a queue within 60 s of its deletion, are errors, as on AWS.
   * @default false
   */
  readonly enforceSixtySeconds?: boolean
}

/** SQS, with a function for other parts of this cloud that is not part of AWS's API. */
export type SqsService = Service & {
  /** Resolves when a queue has a visible message or does not exist, or on `signal`. Receives nothing. */
  readonly waitUntilVisible: (queue: QueuePlace, signal: AbortSignal) => Promise<void>
}

/**
 * SQS, standard queues, for `createCloud`. FIFO queues are rejected with `UnsupportedOperation`. What was
 * acknowledged is in the store.
 */
export function createSqsService({
  store,
  clock,
  observe,
  region = 'us-east-1',
  random = systemRandom,
  enforceSixtySeconds = false,
}: SqsOptions): SqsService {
  createSqsTables(store)
  const context: SqsContext = {
    sql: sqlOf(store),
    clock,
    random,
    messageSignal: createMessageSignal(),
    emit: (event) => observe?.({ at: clock.now(), source: 'sqs', ...event }),
    enforceSixtySeconds,
  }
  resumeMoveTasks(context)
  return {
    name: 'sqs',
    operations: bindOperations(context, {
      AddPermission: addPermission,
      CancelMessageMoveTask: cancelMessageMoveTask,
      ChangeMessageVisibility: changeMessageVisibility,
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
      CreateQueue: createQueue,
      DeleteMessage: deleteMessage,
      DeleteMessageBatch: deleteMessageBatch,
      DeleteQueue: deleteQueue,
      GetQueueAttributes: getQueueAttributes,
      GetQueueUrl: getQueueUrl,
      ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
      ListMessageMoveTasks: listMessageMoveTasks,
      ListQueueTags: listQueueTags,
      ListQueues: listQueues,
      PurgeQueue: purgeQueue,
      ReceiveMessage: receiveMessage,
      RemovePermission: removePermission,
      SendMessage: sendMessage,
      SendMessageBatch: sendMessageBatch,
      SetQueueAttributes: setQueueAttributes,
      StartMessageMoveTask: startMessageMoveTask,
      TagQueue: tagQueue,
      UntagQueue: untagQueue,
    }),
    answer: (request) => peek(context, request, region),
    waitUntilVisible: (queue, signal) => waitUntilVisible(context, queue, signal),
  }
}
