import {
  type EventSourceMappingConfiguration,
  type FunctionResponseType,
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import { different, touches, updateOf } from '../compare.ts'
import type { DesiredMapping } from '../desired/desired-stack.ts'
import { type Tags, isManaged } from '../desired/tags.ts'
import type { Context, Kind, Work } from '../kind.ts'
import { type Change, type Resource, StackError } from '../resource.ts'
import { sleep } from 'ticket-adapters/clock'
import { type Removal, notManaged } from '../removal.ts'

export interface ObservedMapping {
  readonly uuid: string
  readonly arn?: string
  /** True while Lambda deletes it: it cannot be changed, nor made again before it is gone. */
  readonly leaving: boolean
  readonly settings: Readonly<Record<string, string>>
  readonly tags: Tags
}

const RESPONSE_TYPES: FunctionResponseType[] = ['ReportBatchItemFailures']

/** Event source mappings: found by queue and function, since Lambda chooses their ids. */
export const mappingKind: Kind<DesiredMapping, ObservedMapping> = {
  resource: resourceOf,
  observe,
  compare,
  execute,
  prepare,
}

function resourceOf({ name }: DesiredMapping): Resource {
  return { kind: 'mapping', name }
}

async function observe(desired: DesiredMapping, { clients }: Context): Promise<ObservedMapping | undefined> {
  const list = await unlessAbsent(() =>
    clients.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: desired.functionName, EventSourceArn: desired.queueArn }),
    ),
  )
  const found = list?.EventSourceMappings?.[0]
  if (!found?.UUID) return undefined
  const arn = found.EventSourceMappingArn
  const tags = arn ? await unlessAbsent(() => clients.lambda.send(new ListTagsCommand({ Resource: arn }))) : undefined
  return {
    uuid: found.UUID,
    ...(arn && { arn }),
    leaving: found.State === 'Deleting',
    settings: settingsOf(found),
    tags: tags?.Tags ?? {},
  }
}

function settingsOf(found: EventSourceMappingConfiguration): Record<string, string> {
  const { BatchSize, MaximumBatchingWindowInSeconds = 0, FunctionResponseTypes = [], ScalingConfig, State } = found
  return {
    'batch size': String(BatchSize),
    'batching window': String(MaximumBatchingWindowInSeconds),
    'maximum concurrency': String(ScalingConfig?.MaximumConcurrency ?? 'unlimited'),
    'response types': FunctionResponseTypes.join(),
    enabled: State === 'Disabled' || State === 'Disabling' ? 'no' : 'yes',
  }
}

function compare(desired: DesiredMapping, observed: ObservedMapping | undefined): Change | undefined {
  const resource = resourceOf(desired)
  if (!observed || observed.leaving) return { resource, action: 'create', differences: [] }
  const wanted = {
    'batch size': String(desired.batchSize),
    'batching window': '0',
    'maximum concurrency': String(desired.maximumConcurrency),
    'response types': RESPONSE_TYPES.join(),
    enabled: 'yes',
  }
  const differences = Object.entries(wanted).flatMap(([field, to]) => different(field, observed.settings[field], to))
  // Where a mapping has no ARN (an emulator before 2024) it has no tags either.
  const found = observed.arn ? observed.tags : desired.tags
  return updateOf({ resource, differences, wanted: desired.tags, found })
}

async function execute(
  { desired, observed, change }: Work<DesiredMapping, ObservedMapping>,
  { clients }: Context,
): Promise<void> {
  const settings = {
    FunctionName: desired.functionName,
    BatchSize: desired.batchSize,
    MaximumBatchingWindowInSeconds: 0,
    ScalingConfig: { MaximumConcurrency: desired.maximumConcurrency },
    FunctionResponseTypes: RESPONSE_TYPES,
    Enabled: true,
  }
  if (!observed || observed.leaving) {
    await clients.lambda.send(
      new CreateEventSourceMappingCommand({ ...settings, EventSourceArn: desired.queueArn, Tags: desired.tags }),
    )
    return
  }
  if (change.differences.some(({ field }) => !field.startsWith('tag '))) {
    await clients.lambda.send(new UpdateEventSourceMappingCommand({ ...settings, UUID: observed.uuid }))
  }
  if (observed.arn && touches(change, 'tag ')) {
    await clients.lambda.send(new TagResourceCommand({ Resource: observed.arn, Tags: desired.tags }))
  }
}

/** The time-out of the older system's functions: so long may one still run that was called before. */
const OLDER_TIMEOUT_MS = 30_000

/**
 * Stops a mapping that the older system made before anything else is changed, until it is changed itself. That system's
 * functions take only the first message of a batch, and answer that all is well when they failed: SQS then deletes what
 * was never delivered. While queue, bucket and role become ours, none of them may work.
 */
async function prepare(
  { desired, observed, change }: Work<DesiredMapping, ObservedMapping>,
  context: Context,
): Promise<void> {
  // With our response types it was changed already, after its function: only a tag is missing.
  if (!observed || observed.leaving || !change.adopted || !touches(change, 'response types')) return
  const { clients, clock } = context
  await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: observed.uuid, Enabled: false }))
  const until = clock.monotonic() + GIVE_UP_AFTER_MS
  let pause = 25
  for (;;) {
    const found = await clients.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: desired.functionName, EventSourceArn: desired.queueArn }),
    )
    const state = found.EventSourceMappings?.find(({ UUID }) => UUID === observed.uuid)?.State
    if (state === undefined || state === 'Disabled') break
    if (clock.monotonic() > until) throw gaveUp(desired.name, `the event source mapping is still ${state}`)
    await sleep(clock, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
  await sleep(clock, OLDER_TIMEOUT_MS)
}

const GIVE_UP_AFTER_MS = 180_000
const LONGEST_PAUSE_MS = 5_000

/**
 * Deletes every mapping of a function that has our tags (or is gone) and waits until Lambda has released the queue: until
 * then its pollers may still hold messages.
 */
export const removeMappings: Removal = async (functionName, { clients, clock, prefix }) => {
  const { lambda } = clients
  const found = await unlessAbsent(() => lambda.send(new GetFunctionCommand({ FunctionName: functionName })))
  if (found && !isManaged(found.Tags, prefix)) return notManaged(found.Tags)
  const list = async (): Promise<string[]> => {
    const listed = await unlessAbsent(() =>
      lambda.send(new ListEventSourceMappingsCommand({ FunctionName: functionName })),
    )
    return (listed?.EventSourceMappings ?? []).map(({ UUID = '' }) => UUID)
  }
  const mappings = new Set(await list())
  if (mappings.size === 0) return { kind: 'absent' }
  for (const UUID of mappings) await unlessAbsent(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID })))
  const until = clock.monotonic() + GIVE_UP_AFTER_MS
  let pause = 25
  // Listed, not read by id: a deleted mapping has no function, so a permission that is limited to functions fails.
  while ((await list()).some((uuid) => mappings.has(uuid))) {
    if (clock.monotonic() > until) throw gaveUp(functionName, 'Lambda still has the event source mapping')
    await sleep(clock, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
  return { kind: 'removed' }
}

function gaveUp(name: string, problem: string): StackError {
  return new StackError({
    code: 'gave-up-waiting',
    resource: { kind: 'mapping', name },
    problem: `${problem} after ${GIVE_UP_AFTER_MS / 1000} s`,
    todo: 'Run the same command again: it continues where it stopped.',
  })
}
