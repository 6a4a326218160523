import type { Lane } from 'ticket-core'
import type { Vendor, VendorEdge } from '../simulators/vendor-edge.ts'

/** Operations of SQS at which a fault can stand. */
export type SqsEdge =
  | 'sqs.sendMessage'
  | 'sqs.sendMessageBatch'
  | 'sqs.receiveMessage'
  | 'sqs.deleteMessage'
  | 'sqs.deleteMessageBatch'
  | 'sqs.changeMessageVisibility'
  | 'sqs.changeMessageVisibilityBatch'
  | 'sqs.getQueueUrl'
  | 'sqs.getQueueAttributes'

/** Operations of S3 at which a fault can stand. */
export type S3Edge = 's3.getObject' | 's3.putObject' | 's3.listObjectsV2'

/** Operations of Secrets Manager at which a fault can stand. */
export type SecretEdge = 'secretsManager.getSecretValue'

export type AwsEdge = SqsEdge | S3Edge | SecretEdge

/** Operations that ask the cloud's store; a queue's address is kept in memory. */
export type StoreEdge = Exclude<AwsEdge, 'sqs.getQueueUrl'>

/** Operations that write to it. */
export type WritingEdge = Exclude<SqsEdge, 'sqs.getQueueUrl' | 'sqs.getQueueAttributes'> | 's3.putObject'

/** Every call that leaves a process of ours. */
export type Edge = AwsEdge | VendorEdge

/** One operation, or all of a service. */
export type EdgePlace = Edge | `${Vendor}.*` | 'sqs.*' | 's3.*' | 'secretsManager.*'

/** What of ours can be killed: a function's execution environment, or a replica of the server. */
export type ProcessName = 'server' | `function.${Lane}`
export type ProcessPlace = ProcessName | 'function.*'

/** Whether a name lies within a place: the same, or below `name.*`. */
export function liesIn(name: string, place: string): boolean {
  return place.endsWith('.*') ? name.startsWith(place.slice(0, -1)) : name === place
}
