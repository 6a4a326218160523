import type { CreateEventSourceMappingRequest } from '@aws-sdk/client-lambda'
import { checkRange } from './check-function.ts'
import { invalidParameter, notOffered } from './lambda-errors.ts'
import type { MappingRecord } from './mapping-record.ts'

type Settings = Omit<CreateEventSourceMappingRequest, 'FunctionName'>

/** Throws AWS's error for settings that are invalid, or not for queues, and our own for those not implemented. */
export function checkMappingSettings(input: Settings): void {
  checkRange({ value: input.BatchSize, member: 'batchSize', min: 1, max: 10_000 })
  const window = input.MaximumBatchingWindowInSeconds
  checkRange({ value: window, member: 'maximumBatchingWindowInSeconds', min: 0, max: 300 })
  const concurrency = input.ScalingConfig?.MaximumConcurrency
  checkRange({ value: concurrency, member: 'scalingConfig.maximumConcurrency', min: 2, max: 1000 })
  if (input.StartingPosition !== undefined) {
    throw invalidParameter(`Unsupported starting position for arn type: ${input.EventSourceArn ?? 'sqs'}`)
  }
  if (input.DestinationConfig?.OnFailure?.Destination !== undefined) {
    throw invalidParameter('Unsupported DestinationConfig parameter for given event source mapping type.')
  }
  if ((input.FilterCriteria?.Filters?.length ?? 0) > 0) throw notOffered('FilterCriteria')
  if (input.ProvisionedPollerConfig !== undefined) throw notOffered('ProvisionedPollerConfig')
  if ((input.KMSKeyArn ?? '') !== '') throw notOffered('KMSKeyArn')
}

/** Throws if the settings contradict each other or the kind of queue. */
export function checkMapping({ queueArn, batchSize, windowSeconds }: MappingRecord): void {
  const fifo = queueArn.endsWith('.fifo')
  if (fifo && windowSeconds > 0) {
    throw invalidParameter('Batching window is not supported for FIFO queues')
  }
  if (fifo && batchSize > 10) {
    throw invalidParameter('BatchSize must be less than or equal to 10 for FIFO queues')
  }
  if (batchSize > 10 && windowSeconds === 0) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    )
  }
}

/** The parts of a queue's ARN; throws for any other event source. */
export function readQueueArn(arn: string | undefined): { region: string; accountId: string; queue: string } {
  const parts =
    /^arn:aws[a-z-]*:sqs:(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<queue>[A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/u.exec(
      arn ?? '',
    )?.groups
  const { region, account, queue } = parts ?? {}
  if (region === undefined || account === undefined || queue === undefined) {
    throw invalidParameter('Unrecognized event source.')
  }
  return { region, accountId: account, queue }
}
