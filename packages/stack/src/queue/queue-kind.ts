import {
  type QueueAttributeName,
  type SQSClient,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs'
import { unlessAbsent } from '../aws-errors.ts'
import { differentDocument, touches, updateOf } from '../compare.ts'
import type { DesiredQueue } from '../desired/desired-stack.ts'
import { type Tags, isManaged } from '../desired/tags.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change, Resource } from '../resource.ts'
import { type Removal, notManaged } from '../removal.ts'
import { describeMessages } from './count-messages.ts'

export interface ObservedQueue {
  readonly url: string
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Tags
}

/** Queues: created with all attributes, later corrected attribute by attribute. */
export const queueKind: Kind<DesiredQueue, ObservedQueue> = {
  resource: resourceOf,
  observe,
  compare,
  execute,
}

function resourceOf({ name }: DesiredQueue): Resource {
  return { kind: 'queue', name }
}

async function observe({ name }: DesiredQueue, { clients, queueUrls }: Context): Promise<ObservedQueue | undefined> {
  return unlessAbsent(async () => {
    const { QueueUrl: url = '' } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: name }))
    const [attributes, tags] = await Promise.all([
      clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
      clients.sqs.send(new ListQueueTagsCommand({ QueueUrl: url })),
    ])
    queueUrls.set(name, url)
    return { url, attributes: attributes.Attributes ?? {}, tags: tags.Tags ?? {} }
  })
}

function compare(desired: DesiredQueue, observed: ObservedQueue | undefined): Change | undefined {
  const resource = resourceOf(desired)
  if (!observed) return { resource, action: 'create', differences: [] }
  const differences = Object.entries(desired.attributes).flatMap(([name, value]) =>
    differentDocument(name, observed.attributes[name], value),
  )
  return updateOf({ resource, differences, wanted: desired.tags, found: observed.tags })
}

async function execute(
  { desired, observed, change }: Work<DesiredQueue, ObservedQueue>,
  { clients, queueUrls }: Context,
): Promise<void> {
  const { name, attributes, tags } = desired
  if (!observed) {
    const made = await clients.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes, tags }))
    queueUrls.set(name, made.QueueUrl ?? '')
    return
  }
  const wrong = pick(attributes, (key) => change.differences.some(({ field }) => field === key))
  if (Object.keys(wrong).length > 0) {
    await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: observed.url, Attributes: wrong }))
  }
  if (touches(change, 'tag ')) {
    await clients.sqs.send(new TagQueueCommand({ QueueUrl: observed.url, Tags: tags }))
  }
}

function pick(
  attributes: Readonly<Record<string, string>>,
  wanted: (key: string) => boolean,
): Partial<Record<QueueAttributeName, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => wanted(key)))
}

/** Deletes the queue if it has our tags and is empty, or if data may be deleted. */
export const removeQueue: Removal = async (name, { clients, clock, prefix, deleteData }) => {
  const { sqs } = clients
  const found = await unlessAbsent(() => sqs.send(new GetQueueUrlCommand({ QueueName: name })))
  const QueueUrl = found?.QueueUrl
  if (!QueueUrl) return { kind: 'absent' }
  const { Tags: tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
  if (!isManaged(tags, prefix)) return notManaged(tags)
  const holds = deleteData ? undefined : await describeMessages(sqs, QueueUrl)
  if (holds !== undefined) {
    const keptUntil = clock.now() + (await readRetention(sqs, QueueUrl))
    return { kind: 'left', why: 'holds-data', holds, keptUntil }
  }
  await unlessAbsent(() => sqs.send(new DeleteQueueCommand({ QueueUrl })))
  return { kind: 'removed' }
}

/** Milliseconds from when a message was sent to when SQS deletes it. */
async function readRetention(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const name = 'MessageRetentionPeriod'
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }))
  return Number(Attributes?.[name]) * 1000
}
