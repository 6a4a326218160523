import type {
  CreateEventSourceMappingRequest,
  DeleteEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  GetEventSourceMappingRequest,
  ListEventSourceMappingsRequest,
  ListEventSourceMappingsResponse,
  UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda'
import { AwsError, type Call } from '../../service.ts'
import { checkMapping, checkMappingSettings, readQueueArn } from './check-mapping.ts'
import { arnOf, readFunctionName, requireFunction } from './function-name.ts'
import type { FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { conflict, invalidParameter, notFound } from './lambda-errors.ts'
import {
  findMapping,
  listMappings,
  mappingConfiguration,
  removeMapping,
  saveMapping,
  type MappingRecord,
} from './mapping-record.ts'
import type { MappingRunner } from './mapping-runner.ts'
import { page } from './page.ts'
import type { OpenQueue } from './direct-queue.ts'
import { checkTags } from './tag-operations.ts'

/** The dependencies of these operations. */
export interface MappingWork {
  readonly context: LambdaContext
  readonly mappings: MappingRunner
  readonly openQueue: OpenQueue
}

export async function createEventSourceMapping(
  work: MappingWork,
  input: CreateEventSourceMappingRequest,
  call: Call,
): Promise<EventSourceMappingConfiguration> {
  const { context } = work
  const named = readFunctionName(input.FunctionName, call)
  readQueueArn(input.EventSourceArn)
  checkMappingSettings(input)
  const tags = input.Tags ?? {}
  checkTags(tags)
  const target = targetOf(work, named, call)
  const record: MappingRecord = {
    uuid: context.newId(),
    region: call.region,
    accountId: call.caller.accountId,
    queueArn: input.EventSourceArn ?? '',
    functionName: named.name,
    qualifier: named.qualifier,
    functionArn: arnOf(call, named.name, named.qualifier),
    batchSize: input.BatchSize ?? 10,
    windowSeconds: input.MaximumBatchingWindowInSeconds ?? 0,
    maximumConcurrency: input.ScalingConfig?.MaximumConcurrency,
    reportBatchItemFailures: input.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true,
    enabled: input.Enabled ?? true,
    lastModified: context.clock.now(),
    tags,
  }
  checkMapping(record)
  await checkQueue(work, record, target)
  // Checked without a wait before the write, so that of two concurrent calls only one passes.
  rejectDuplicateMapping(context, record)
  saveMapping(context.sql, record)
  await work.mappings.apply(record.uuid)
  return mappingConfiguration(record, 'Creating')
}

export async function updateEventSourceMapping(
  work: MappingWork,
  input: UpdateEventSourceMappingRequest,
  call: Call,
): Promise<EventSourceMappingConfiguration> {
  const { context } = work
  const old = requireMapping(context, input.UUID)
  checkMappingSettings(input)
  const named =
    input.FunctionName === undefined
      ? { name: old.functionName, qualifier: old.qualifier }
      : readFunctionName(input.FunctionName, call)
  const scaling = input.ScalingConfig === undefined ? old.maximumConcurrency : input.ScalingConfig.MaximumConcurrency
  const record: MappingRecord = {
    ...old,
    functionName: named.name,
    qualifier: named.qualifier,
    functionArn: arnOf(call, named.name, named.qualifier),
    batchSize: input.BatchSize ?? old.batchSize,
    windowSeconds: input.MaximumBatchingWindowInSeconds ?? old.windowSeconds,
    maximumConcurrency: scaling,
    reportBatchItemFailures:
      input.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? old.reportBatchItemFailures,
    enabled: input.Enabled ?? old.enabled,
    lastModified: context.clock.now(),
  }
  checkMapping(record)
  if (input.FunctionName !== undefined) await checkQueue(work, record, targetOf(work, named, call))
  rejectDuplicateMapping(context, record)
  saveMapping(context.sql, record)
  // Running batches end under the old settings; there is no need to wait for them.
  void work.mappings.apply(record.uuid)
  return mappingConfiguration(record, 'Updating')
}

export function getEventSourceMapping(
  { context }: MappingWork,
  input: GetEventSourceMappingRequest,
  _call: Call,
): EventSourceMappingConfiguration {
  const record = requireMapping(context, input.UUID)
  return mappingConfiguration(record, stateOf(record))
}

/** The mapping stops polling; running batches are finished. */
export function deleteEventSourceMapping(
  { context, mappings }: MappingWork,
  input: DeleteEventSourceMappingRequest,
  _call: Call,
): EventSourceMappingConfiguration {
  const record = requireMapping(context, input.UUID)
  removeMapping(context.sql, record.uuid)
  void mappings.apply(record.uuid)
  return mappingConfiguration(record, 'Deleting')
}

export function listEventSourceMappings(
  { context }: MappingWork,
  input: ListEventSourceMappingsRequest,
  call: Call,
): ListEventSourceMappingsResponse {
  const named = input.FunctionName === undefined ? undefined : readFunctionName(input.FunctionName, call)
  const all = listMappings(context.sql, call.region).filter(
    (record) =>
      (named === undefined || (record.functionName === named.name && record.qualifier === named.qualifier)) &&
      (input.EventSourceArn === undefined || record.queueArn === input.EventSourceArn),
  )
  const { items, next } = page(all, { marker: input.Marker, size: input.MaxItems })
  return { EventSourceMappings: items.map((record) => mappingConfiguration(record, stateOf(record))), NextMarker: next }
}

function stateOf({ enabled }: MappingRecord): string {
  return enabled ? 'Enabled' : 'Disabled'
}

function requireMapping(context: LambdaContext, uuid: string | undefined): MappingRecord {
  const record = findMapping(context.sql, uuid ?? '')
  if (!record) throw notFound('The resource you requested does not exist.')
  return record
}

function targetOf(
  { context }: MappingWork,
  named: { name: string; qualifier: string | undefined },
  call: Call,
): FunctionRecord {
  if (!context.functions.find({ region: call.region, name: named.name })) {
    throw invalidParameter('Function does not exist')
  }
  return requireFunction(context, named, call)
}

function rejectDuplicateMapping(context: LambdaContext, record: MappingRecord): void {
  const duplicate = listMappings(context.sql, record.region).find(
    ({ uuid, queueArn, functionName, qualifier }) =>
      uuid !== record.uuid &&
      queueArn === record.queueArn &&
      functionName === record.functionName &&
      qualifier === record.qualifier,
  )
  if (!duplicate) return
  throw conflict(
    `An event source mapping with SQS arn (" ${record.queueArn} ") and function (" ${record.functionName} ") already exists. Please update or delete the existing mapping with UUID ${duplicate.uuid}`,
  )
}

/** The calls that a poller makes: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const POLLING = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] as const

/** Lambda checks access to the queue with the function's role before it accepts a mapping. */
async function checkQueue(work: MappingWork, record: MappingRecord, target: FunctionRecord): Promise<void> {
  const permissions = POLLING.map((name) => ({ action: `sqs:${name}`, resource: record.queueArn }))
  const missing = work.context.rights.missingPermission(target.role, record.region, permissions)
  if (missing) throw mayNot(missing.action.slice('sqs:'.length))
  const queue = work.openQueue({ queueArn: record.queueArn, roleArn: target.role })
  let visibility: number
  try {
    visibility = await queue.visibilityTimeoutSeconds()
  } catch (error) {
    throw refusedBy(error)
  }
  if (visibility < target.timeoutSeconds) {
    throw invalidParameter(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${target.timeoutSeconds} seconds`,
    )
  }
}

function refusedBy(error: unknown): unknown {
  const code = error instanceof AwsError ? error.code : ''
  if (code === 'QueueDoesNotExist') {
    return invalidParameter(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    )
  }
  if (/^(?:AccessDenied|InvalidClientTokenId|ExpiredToken)$/u.test(code)) return mayNot('ReceiveMessage')
  return error
}

function mayNot(name: string): Error {
  return invalidParameter(`The provided execution role does not have permissions to call ${name} on SQS`)
}
