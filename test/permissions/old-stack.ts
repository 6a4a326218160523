import { tmpdir } from 'node:os'
import { CreateBucketCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand } from '@aws-sdk/client-sqs'
import type { StackClients } from '@ticketing/stack'
import { LANES, nameResources } from 'ticket-core'
import { SCOPE } from './account.ts'
import { expectThat } from './expect-that.ts'
import { runInProcess } from '../support/run-in-process.ts'

/** Makes what holds data of a stack of another prefix, of the same system. */
export async function makeOldStack({ sqs, s3 }: StackClients): Promise<void> {
  const tags = { app: 'teams-ticketing', prefix: 'old', system: SCOPE.secretId }
  const old = nameResources('old')
  for (const lane of LANES) await sqs.send(new CreateQueueCommand({ QueueName: old.lanes[lane].queue, tags }))
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  await s3.send(new CreateBucketCommand({ Bucket: old.bucket }))
  await s3.send(new PutBucketTaggingCommand({ Bucket: old.bucket, Tagging: { TagSet } }))
}

/** Sees all of it in a plan. */
export async function seeOldStack(clients: StackClients): Promise<void> {
  const options = { cwd: tmpdir(), env: { AWS_ENDPOINT_URL: 'http://cloud.internal' }, clients }
  const { output } = await runInProcess(['plan'], options)
  const shown = output.match(/^ {2}(queue|bucket) old-/gm) ?? []
  expectThat(`its queues and its bucket are shown: ${output}`, shown.length === LANES.length + 1)
}
