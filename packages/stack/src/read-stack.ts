import { HeadBucketCommand } from '@aws-sdk/client-s3'
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda'
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { type Lane, type LaneNames, LANES, nameResources, type Result } from 'ticket-core'
import { unlessAbsent } from './aws-errors.ts'
import type { StackClients } from './clients.ts'
import { explainError } from './explain-error.ts'
import { type MessageCounts, countMessages } from './queue/count-messages.ts'
import { type Resource, type StackProblem, problemAsValue } from './resource.ts'

export interface QueueStatus extends MessageCounts {
  readonly name: string
  readonly url: string
}

interface FunctionStatus {
  readonly name: string
  /** `Active`, `Pending`, `Inactive`, `Failed`; some emulators have none. */
  readonly state: string
  readonly codeSha256: string
  /** Why it does not run, or did not take its last change. */
  readonly problem?: string
  /** State of its event source mapping: `Enabled`, `Creating`, …; absent without one. */
  readonly mapping?: string
  /** What the mapping's last batch came to: `OK`, `PROBLEM: Function call failed`, …; emulators have none. */
  readonly lastResult?: string
}

/** One lane as it is now; a member is absent if the resource is. */
interface LaneStatus {
  readonly lane: Lane
  readonly queue?: QueueStatus
  readonly function?: FunctionStatus
}

export interface StackStatus {
  readonly prefix: string
  readonly lanes: readonly LaneStatus[]
  readonly bucket: { readonly name: string; readonly exists: boolean }
}

/** What to look for. */
interface StackToRead {
  readonly prefix: string
  /** The bucket's name, where it is not the prefix's own. */
  readonly bucket?: string | undefined
}

/** What exists under this prefix, or why it cannot be read. */
export function readStack(clients: StackClients, stack: StackToRead): Promise<Result<StackStatus, StackProblem>> {
  return problemAsValue(() => lookAt(clients, stack))
}

/** The messages in one lane's queue; undefined when the queue does not exist. */
export function readQueue(
  clients: StackClients,
  { prefix, lane }: { readonly prefix: string; readonly lane: Lane },
): Promise<Result<QueueStatus | undefined, StackProblem>> {
  return problemAsValue(() => lookAtQueue(clients, nameResources(prefix).lanes[lane].queue))
}

/** The address of line 1 where it is a function, without a trailing slash; undefined where it is none. */
export function readIntakeUrl(
  clients: StackClients,
  prefix: string,
): Promise<Result<string | undefined, StackProblem>> {
  const name = nameResources(prefix).intake.function
  return problemAsValue(async () => {
    const command = new GetFunctionUrlConfigCommand({ FunctionName: name })
    const found = await look({ kind: 'url', name }, () => clients.lambda.send(command))
    return found?.FunctionUrl?.replace(/\/+$/, '')
  })
}

async function lookAt(clients: StackClients, { prefix, bucket: given }: StackToRead): Promise<StackStatus> {
  const { bucket: name, lanes: namesOf } = nameResources(prefix, given)
  const [bucket, ...lanes] = await Promise.all([
    look({ kind: 'bucket', name }, () => clients.s3.send(new HeadBucketCommand({ Bucket: name }))),
    ...LANES.map((lane) => readLane(clients, lane, namesOf[lane])),
  ])
  return { prefix, lanes, bucket: { name, exists: bucket !== undefined } }
}

async function readLane(clients: StackClients, lane: Lane, names: LaneNames): Promise<LaneStatus> {
  const [queue, fn] = await Promise.all([
    lookAtQueue(clients, names.queue),
    look({ kind: 'function', name: names.function }, () => readFunction(clients, names.function)),
  ])
  return { lane, ...(queue && { queue }), ...(fn && { function: fn }) }
}

async function look<Found>(resource: Resource, find: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await unlessAbsent(find)
  } catch (error) {
    throw explainError(error, resource)
  }
}

function lookAtQueue({ sqs }: StackClients, name: string): Promise<QueueStatus | undefined> {
  return look({ kind: 'queue', name }, async () => {
    const { QueueUrl: url = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }))
    return { name, url, ...(await countMessages(sqs, url)) }
  })
}

async function readFunction({ lambda }: StackClients, name: string): Promise<FunctionStatus> {
  const [is, mappings] = await Promise.all([
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    lambda.send(new ListEventSourceMappingsCommand({ FunctionName: name })),
  ])
  const { State: mapping, LastProcessingResult: lastResult } = mappings.EventSourceMappings?.[0] ?? {}
  const problem = problemOf(is)
  return {
    name,
    state: is.State ?? 'unknown',
    codeSha256: is.CodeSha256 ?? '',
    ...(problem !== undefined && { problem }),
    ...(mapping && { mapping }),
    ...(lastResult && { lastResult }),
  }
}

function problemOf(is: FunctionConfiguration): string | undefined {
  if (is.State === 'Failed') return `Lambda could not make it: ${is.StateReason ?? is.StateReasonCode ?? 'no reason'}`
  if (is.LastUpdateStatus !== 'Failed') return undefined
  return `Lambda could not change it: ${is.LastUpdateStatusReason ?? is.LastUpdateStatusReasonCode ?? 'no reason'}`
}
