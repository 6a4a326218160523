import { GetQueueUrlCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs'
import { LANES, type StackNames } from 'ticket-core'
import { unlessAbsent } from './aws-errors.ts'
import { describeObjects } from './bucket/bucket-kind.ts'
import { observeBucket } from './bucket/observe-bucket.ts'
import type { StackClients } from './clients.ts'
import { isManaged } from './desired/tags.ts'
import { explainError } from './explain-error.ts'
import { describeMessages } from './queue/count-messages.ts'
import type { Resource } from './resource.ts'

interface Stack {
  readonly prefix: string
  readonly names: StackNames
  readonly accountId: string
  readonly region: string
}

/** What a queue or bucket of a stack holds, in words. */
export interface Holding {
  readonly resource: Resource
  readonly holds: string
}

/** The queues and the bucket of a stack that hold anything. Throws a `StackError` where one cannot be read. */
export async function findData(clients: StackClients, stack: Stack): Promise<readonly Holding[]> {
  const resources: readonly Resource[] = [
    ...LANES.map((lane) => ({ kind: 'queue', name: stack.names.lanes[lane].queue }) as const),
    { kind: 'bucket', name: stack.names.bucket },
  ]
  const found = await Promise.all(
    resources.map(async (resource) => {
      try {
        const look = resource.kind === 'queue' ? lookIntoQueue : lookIntoBucket
        const holds = await look(clients, resource.name, stack)
        return holds === undefined ? [] : [{ resource, holds }]
      } catch (error) {
        throw explainError(error, resource)
      }
    }),
  )
  return found.flat()
}

async function lookIntoQueue({ sqs }: StackClients, name: string, { prefix }: Stack): Promise<string | undefined> {
  const found = await unlessAbsent(() => sqs.send(new GetQueueUrlCommand({ QueueName: name })))
  const QueueUrl = found?.QueueUrl
  if (QueueUrl === undefined) return undefined
  const { Tags: tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
  return isManaged(tags, prefix) ? describeMessages(sqs, QueueUrl) : undefined
}

async function lookIntoBucket(clients: StackClients, name: string, stack: Stack): Promise<string | undefined> {
  const { accountId, region, prefix } = stack
  const found = await observeBucket(name, { clients, accountId, region })
  if (!isManaged(found?.tags, prefix)) return undefined
  return describeObjects(clients.s3, { Bucket: name, ExpectedBucketOwner: accountId })
}
