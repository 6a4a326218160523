import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import {
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import type { StackClients } from '@ticketing/stack'
import { DELIVERY_LANES, intakeSecretId, LANES, nameResources, type Lane } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { type Account, openAccount, SCOPE } from './account.ts'
import { applyAll } from './operate.ts'

const { bucket: Bucket, lanes } = nameResources(SCOPE.prefix)
const urlOf = (lane: Lane): string => `http://cloud.internal/${SCOPE.accountId}/${lanes[lane].queue}`

/** One object of each kind, as a ticket of each lane leaves it. */
const OBJECTS = [
  'ledger/low/T-1.json',
  'ledger/medium/T-2.json',
  'ledger/high/T-3.json',
  'ledger/news/sync-team-T-3.json',
  'cases/T-3.json',
  'index/closed/abcd/0123456789-T-3',
  'tickets/2026/11/28/T-1.json',
  'dead-letters/T-2.json',
  'token-teams/0123.json',
  'people/abcd/0123.json',
] as const

/** What each function writes: everything else has to be as it was, whatever its role is used for. */
const OWN: Readonly<Record<Lane, RegExp>> = {
  low: /^(?:ledger\/low|index)\//,
  medium: /^(?:ledger\/medium|index)\//,
  high: /^(?:ledger\/high|index)\//,
  news: /^ledger\/news\//,
  events: /^(?:cases|index)\//,
  // It ends tickets of all lanes, and keeps the archive.
  dead: /^(?:ledger|dead-letters)\//,
}
/** Where it may put something new, and nothing over something. */
const NEW: Readonly<Record<Lane, RegExp>> = {
  low: /^(?:ledger\/low|index|cases|people|tickets)\//,
  medium: /^(?:ledger\/medium|index|cases|people)\//,
  high: /^(?:ledger\/high|index|cases|people)\//,
  news: /^ledger\/news\//,
  events: /^(?:index|people)\//,
  dead: OWN.dead,
}

/** The other queues that it sends to. */
const WRITES_TO: Readonly<Record<Lane, readonly Lane[]>> = {
  low: ['dead'],
  medium: ['dead'],
  high: ['dead'],
  news: ['dead'],
  // What events cause is delivered by the lanes of the tickets.
  events: [...DELIVERY_LANES, 'dead'],
  // Teams are notified of their dead tickets.
  dead: ['news'],
}

async function furnish({ root }: Account): Promise<void> {
  await applyAll(root)
  for (const Key of OBJECTS) await root.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, IfNoneMatch: '*' }))
  for (const lane of LANES)
    await root.sqs.send(new SendMessageCommand({ QueueUrl: urlOf(lane), MessageBody: `waits in ${lane}` }))
}

/** Every object with its text. */
async function snapshot({ root }: Account): Promise<ReadonlyMap<string, string>> {
  const { Contents = [] } = await root.s3.send(new ListObjectsV2Command({ Bucket }))
  const texts = Contents.map(async ({ Key = '' }) => {
    const { Body } = await root.s3.send(new GetObjectCommand({ Bucket, Key }))
    return [Key, (await Body?.transformToString()) ?? ''] as const
  })
  return new Map(await Promise.all(texts))
}

/** Everything that can be tried on a key: what is there changed, replaced or deleted, and something new beside it. */
async function attackObject({ s3 }: StackClients, Key: string, ETag: string | undefined): Promise<number> {
  const beside = Key.replace(/T-\d|0123(?=\.)/, 'T-9')
  const own = await Promise.allSettled([
    s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged' })),
    s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged', IfMatch: ETag })),
    s3.send(new PutObjectCommand({ Bucket, Key: beside, Body: 'forged', IfNoneMatch: '*' })),
    s3.send(new PutObjectCommand({ Bucket, Key: beside, Body: 'forged' })),
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/ledger/low/T-1.json` })),
    s3.send(new CreateMultipartUploadCommand({ Bucket, Key })),
    s3.send(new DeleteObjectCommand({ Bucket, Key })),
    s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: ETag })),
  ])
  return own.filter(({ status }) => status === 'fulfilled').length
}

describe.each([...LANES])('the role of the function %s, taken over', (lane) => {
  test('changes, replaces and deletes no ticket, record, case or letter that is not its own', async () => {
    await using account = await openAccount()
    await furnish(account)
    const before = await snapshot(account)
    const thief = account.sessionOf(lanes[lane].role)
    for (const Key of OBJECTS) {
      const { ETag } = await account.root.s3.send(new GetObjectCommand({ Bucket, Key }))
      await attackObject(thief, Key, ETag)
    }
    const after = await snapshot(account)
    // What it may change is what it works on: an attack that never gets through would show nothing.
    expect([...after].filter(([key, text]) => before.get(key) !== text)).not.toEqual([])
    const others = [...before.keys()].filter((key) => !OWN[lane].test(key))
    expect(others.map((key) => [key, after.get(key)])).toEqual(others.map((key) => [key, before.get(key)]))
    const added = [...after.keys()].filter((key) => !before.has(key))
    expect(added.filter((key) => !NEW[lane].test(key))).toEqual([])
  })

  test('reads no other queue, empties and stops none, and writes only where its function does', async () => {
    await using account = await openAccount()
    await furnish(account)
    const { sqs } = account.sessionOf(lanes[lane].role)
    for (const other of LANES.filter((each) => each !== lane)) {
      const QueueUrl = urlOf(other)
      const attempts = await Promise.allSettled([
        sqs.send(new ReceiveMessageCommand({ QueueUrl })),
        sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'any' })),
        sqs.send(new PurgeQueueCommand({ QueueUrl })),
        sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { MessageRetentionPeriod: '60' } })),
        sqs.send(new DeleteQueueCommand({ QueueUrl })),
        ...(WRITES_TO[lane].includes(other)
          ? []
          : [sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'forged' }))]),
      ])
      for (const attempt of attempts)
        expect(attempt, other).toMatchObject({ status: 'rejected', reason: { name: 'AccessDenied' } })
      const { Attributes } = await account.root.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      )
      expect(Attributes, other).toEqual({ ApproximateNumberOfMessages: '1' })
    }
  })

  test('learns no token that Teams signs with', async () => {
    await using account = await openAccount()
    await furnish(account)
    const { secretsManager } = account.sessionOf(lanes[lane].role)
    const get = secretsManager.send(new GetSecretValueCommand({ SecretId: intakeSecretId(SCOPE.secretId) }))
    await expect(get).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })
})

test('every write without a condition is refused, also by the root of the account', async () => {
  await using account = await openAccount()
  await furnish(account)
  const before = await snapshot(account)
  const refused = { message: expect.stringContaining('explicit deny in a resource-based policy') }
  for (const Key of OBJECTS)
    await expect(account.root.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'over it' }))).rejects.toMatchObject(
      refused,
    )
  const [Key] = ['tickets/2026/11/28/T-1.json']
  const { ETag } = await account.root.s3.send(new GetObjectCommand({ Bucket, Key }))
  const changed = account.root.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'changed', IfMatch: ETag }))
  await expect(changed).rejects.toMatchObject(refused)
  expect(await snapshot(account)).toEqual(before)
})
