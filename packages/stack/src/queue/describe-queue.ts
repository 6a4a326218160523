import { type Lane, type StackNames, WORK_LANES } from 'ticket-core'
import type { Arns } from '../desired/arns.ts'
import type { DesiredQueue } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import { denyPlainHttp } from '../policy/deny-plain-http.ts'

/** Six times the functions' time-out, as AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_SECONDS = 180
/** SQS's maximum. The same for all queues: a message that is moved keeps its first time stamp. */
const RETENTION_SECONDS = 1_209_600
/** SQS's maximum. The ledger counts attempts; this only catches messages that fail before they are claimed. */
const MAX_RECEIVE_COUNT = 1000

/** One lane's queue. Only the queues of the lanes that do work may use the dead-letter queue. */
export function describeQueue(options: {
  readonly prefix: string
  readonly system: string
  readonly lane: Lane
  readonly names: StackNames
  readonly arns: Arns
}): DesiredQueue {
  const { prefix, system, lane, names, arns } = options
  const name = names.lanes[lane].queue
  const arn = arns.queue(name)
  const redrive =
    lane === 'dead'
      ? {
          RedriveAllowPolicy: JSON.stringify({
            redrivePermission: 'byQueue',
            sourceQueueArns: WORK_LANES.map((workLane) => arns.queue(names.lanes[workLane].queue)),
          }),
        }
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: arns.queue(names.lanes.dead.queue),
            maxReceiveCount: MAX_RECEIVE_COUNT,
          }),
        }
  const attributes = {
    VisibilityTimeout: String(VISIBILITY_SECONDS),
    MessageRetentionPeriod: String(RETENTION_SECONDS),
    SqsManagedSseEnabled: 'true',
    Policy: JSON.stringify(denyPlainHttp('sqs', [arn])),
    ...redrive,
  }
  return { name, arn, attributes, tags: { ...tagsFor(prefix, { name, attributes }), system } }
}
