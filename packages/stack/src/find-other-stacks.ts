import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { GetBucketTaggingCommand, paginateListBuckets } from '@aws-sdk/client-s3'
import { GetQueueUrlCommand, ListQueueTagsCommand, paginateListQueues } from '@aws-sdk/client-sqs'
import { readStatus } from 'ticket-adapters/aws'
import { type Result, LANES, nameResources } from 'ticket-core'
import { nameOf, unlessAbsent } from './aws-errors.ts'
import type { StackClients } from './clients.ts'
import { APP, type Tags } from './desired/tags.ts'
import { explainError } from './explain-error.ts'
import { countMessages } from './queue/count-messages.ts'
import { type Resource, type StackProblem, problemAsValue } from './resource.ts'

/** A stack of the same system under another prefix: its queues and its bucket, as far as they are there. */
export interface OtherStack {
  readonly prefix: string
  /** The bucket that its functions use. */
  readonly bucket: string
  readonly queues: readonly { readonly name: string; readonly messages: number }[]
  /** False where it has none, or another stack has taken it over. */
  readonly hasBucket: boolean
}

/** Which system, and which of its stacks is the one that is meant. */
interface OwnStack {
  readonly prefix: string
  /** The name of its secret. */
  readonly system: string
}

/**
 * The stacks of this system under other prefixes: left behind when the prefix was changed. They are found by the tags of
 * their queues and buckets. Only what has a name as ours is looked at, since SQS and S3 list names without tags.
 */
export function findOtherStacks(
  clients: StackClients,
  own: OwnStack,
): Promise<Result<readonly OtherStack[], StackProblem>> {
  return problemAsValue(async () => {
    try {
      const [queues, buckets] = await Promise.all([findQueues(clients, own), findBuckets(clients, own)])
      const prefixes = new Set([...queues, ...buckets].map(({ prefix }) => prefix))
      return await Promise.all(
        [...prefixes].toSorted().map(async (prefix) => ({
          prefix,
          bucket: (await readBucketName(clients, prefix)) ?? nameResources(prefix).bucket,
          queues: queues.filter((queue) => queue.prefix === prefix).map(({ name, messages }) => ({ name, messages })),
          hasBucket: buckets.some((bucket) => bucket.prefix === prefix),
        })),
      )
    } catch (error) {
      throw explainError(error, ALL)
    }
  })
}

const ALL: Resource = { kind: 'account', name: 'other stacks' }

async function findQueues({ sqs }: StackClients, own: OwnStack) {
  const candidates: { readonly name: string; readonly prefix: string }[] = []
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, { MaxResults: 1000 }))
    for (const name of QueueUrls.map((url) => url.split('/').at(-1) ?? '')) {
      const prefix = prefixOf(name, (each) => LANES.map((lane) => nameResources(each).lanes[lane].queue))
      if (prefix !== undefined && prefix !== own.prefix) candidates.push({ name, prefix })
    }
  const found = await Promise.all(
    candidates.map(async ({ name, prefix }) => {
      const queue = await unlessAbsent(() => sqs.send(new GetQueueUrlCommand({ QueueName: name })))
      const QueueUrl = queue?.QueueUrl
      if (QueueUrl === undefined) return []
      const { Tags: tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
      if (!belongs(tags, { ...own, prefix })) return []
      const { visible, inFlight, delayed } = await countMessages(sqs, QueueUrl)
      return [{ name, prefix, messages: visible + inFlight + delayed }]
    }),
  )
  return found.flat()
}

async function findBuckets({ s3 }: StackClients, own: OwnStack): Promise<readonly { readonly prefix: string }[]> {
  const candidates: { readonly name: string; readonly prefix: string }[] = []
  for await (const { Buckets = [] } of paginateListBuckets({ client: s3 }, {}))
    for (const { Name: name = '' } of Buckets) {
      const prefix = prefixOf(name, (each) => [nameResources(each).bucket])
      if (prefix !== undefined && prefix !== own.prefix) candidates.push({ name, prefix })
    }
  const found = await Promise.all(
    candidates.map(async ({ name, prefix }) => {
      const tags = await readBucketTags(s3, name)
      return tags && belongs(tags, { ...own, prefix }) ? [{ prefix }] : []
    }),
  )
  return found.flat()
}

/** Undefined: it has none, is in another region, or is of people who do not want it read. */
async function readBucketTags(s3: StackClients['s3'], Bucket: string): Promise<Tags | undefined> {
  try {
    const found = await unlessAbsent(() => s3.send(new GetBucketTaggingCommand({ Bucket })))
    return Object.fromEntries((found?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  } catch (error) {
    if (readStatus(error) === 301 || nameOf(error) === 'AccessDenied') return undefined
    throw error
  }
}

/** The bucket that the functions of a stack use; undefined where there are none any more. */
async function readBucketName({ lambda }: StackClients, prefix: string): Promise<string | undefined> {
  const FunctionName = nameResources(prefix).lanes.low.function
  const found = await unlessAbsent(() => lambda.send(new GetFunctionConfigurationCommand({ FunctionName })))
  return found?.Environment?.Variables?.['TICKETING_BUCKET']
}

/** The prefix of which this is a name; undefined where it is none of ours. */
function prefixOf(name: string, namesOf: (prefix: string) => readonly string[]): string | undefined {
  const prefix = name.slice(0, name.lastIndexOf('-'))
  return prefix !== '' && namesOf(prefix).includes(name) ? prefix : undefined
}

function belongs(tags: Tags | undefined, { prefix, system }: OwnStack): boolean {
  return tags?.['app'] === APP && tags['prefix'] === prefix && tags['system'] === system
}
