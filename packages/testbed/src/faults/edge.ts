import type { Lane } from 'ticket-core'
import type { CallbackEdge, Vendor, VendorEdge } from '../simulators/vendor-edge.ts'

/** Operations of SQS that a fault can hit. */
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

/** Operations of S3 that a fault can hit. */
export type S3Edge = 's3.getObject' | 's3.putObject' | 's3.deleteObject' | 's3.listObjectsV2'

/** Operations of Secrets Manager that a fault can hit. */
export type SecretEdge = 'secretsManager.getSecretValue'

export type AwsEdge = SqsEdge | S3Edge | SecretEdge

/** Operations that read the cloud's store. Addresses of queues are in memory. */
export type StoreEdge = Exclude<AwsEdge, 'sqs.getQueueUrl'>

/** Operations that write to it. */
export type WritingEdge =
  | Exclude<SqsEdge, 'sqs.getQueueUrl' | 'sqs.getQueueAttributes'>
  | 's3.putObject'
  | 's3.deleteObject'

/** Every call that leaves one of our processes. */
type Edge = AwsEdge | VendorEdge

/** What a fault can hit: our calls, and those of vendors to us. */
export type MetEdge = Edge | CallbackEdge

/** One operation, or all of a service. */
export type EdgePlace = Edge | `${Vendor}.*` | 'sqs.*' | 's3.*' | 'secretsManager.*'

/** Our processes, which faults can end: execution environments of the functions, replicas of the server. */
export type ProcessName = 'server' | `function.${Lane}`
export type ProcessPlace = ProcessName | 'function.*'

/** Whether a place names it: the same name, or `name.*` above it. */
export function liesIn(name: string, place: string): boolean {
  return place.endsWith('.*') ? name.startsWith(place.slice(0, -1)) : name === place
}
