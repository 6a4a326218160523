import { PutObjectCommand } from '@aws-sdk/client-s3'
import { ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager'
import { expect, it } from 'vitest'
import { fastClock } from '../permissions/account.ts'
import { startStackCloud, type StackCloud } from './stack-cloud.ts'

it('one message in a queue, and down is refused: it says which queue, how many, and touches nothing', async () => {
  const { run, clients } = await startWithStack()
  await sendTo('acme-MP', clients)
  const refused = await run('down')
  expect(refused.code).toBe(1)
  expect(refused.output.split('\n').slice(1)).toEqual([
    'ticketing down: queue acme-MP: it holds messages (about 1): nothing was removed. Wait until it is delivered, then run this again; --keep-data leaves the queue and removes the rest, --delete-data deletes what it holds.',
    '',
  ])
  expect((await run('plan')).said.at(-1)).toMatch(/^nothing to change/)
})

it('one object in the bucket, and down is refused in the same way', async () => {
  const { run, clients } = await startWithStack()
  await putObject(clients)
  const refused = await run('down')
  expect(refused.code).toBe(1)
  expect(refused.output).toContain('bucket acme-bucket: it holds objects (1): nothing was removed.')
  expect((await run('plan')).said.at(-1)).toMatch(/^nothing to change/)
})

it('with --keep-data leaves what holds anything, with --delete-data nothing', async () => {
  const { run, clients } = await startWithStack()
  await sendTo('acme-MP', clients)
  await putObject(clients)
  const kept = await run('down --keep-data')
  expect(kept.code).toBe(0)
  expect(kept.said.filter((line) => line.startsWith('  left')).toSorted()).toEqual([
    '  left bucket acme-bucket: it holds objects (1); to delete them too, use --delete-data',
    '  left queue acme-MP: it holds messages (about 1); to delete them too, use --delete-data',
  ])
  const fate = kept.said.filter((line) => DELETED_BY.test(line))
  expect(fate).toHaveLength(1)
  const days = (Date.parse(DELETED_BY.exec(fate[0] ?? '')?.[1] ?? '') - fastClock.now()) / 86_400_000
  expect(days).toBeCloseTo(14, 1)
  const deleted = await run('down --delete-data')
  expect(deleted.code).toBe(0)
  expect(deleted.said.filter((line) => line.startsWith('  removed')).toSorted()).toEqual([
    '  removed bucket acme-bucket',
    '  removed queue acme-MP',
  ])
})

it('says of a queue in which a message arrived meanwhile that up opens it and delivers', async () => {
  const { run, clients, intercept } = await startWithStack()
  let sent = false
  intercept(async ({ operation }, input, answer) => {
    if (operation === 'SetQueueAttributes' && String(input['QueueUrl']).endsWith('acme-MP') && !sent) {
      sent = true
      await sendTo('acme-MP', clients)
    }
    return answer()
  })
  const stopped = await run('down')
  expect(stopped.code).toBe(1)
  expect(stopped.said.filter((line) => DELETED_BY.test(line))).toHaveLength(1)
  intercept(undefined)
  expect(await run('up')).toMatchObject({ code: 0 })
  expect((await run('down')).output).toContain('queue acme-MP: it holds messages (about 1): nothing was removed.')
})

it('with --prefix needs no secret', async () => {
  const { run, clients } = await startWithStack()
  for (const SecretId of ['ticketing-app', 'ticketing-app-intake'])
    await clients.secretsManager.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
  expect(await run('down')).toMatchObject({ code: 1 })
  expect(await run('down --prefix acme')).toMatchObject({ code: 0 })
  expect((await clients.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([])
})

it('names a prefix that cannot be one, and two wishes that exclude each other', async () => {
  const { run } = await startStackCloud()
  expect(await run('down --prefix Acme')).toMatchObject({ code: 2 })
  expect(await run('down --keep-data --delete-data')).toMatchObject({ code: 2 })
})

/** What becomes of the messages in a queue that was left. */
const DELETED_BY =
  /^ {4}nothing delivers from it any more\. SQS deletes its messages by (\S+) at the latest; `ticketing up` before that opens it again and delivers them$/

async function startWithStack(): Promise<StackCloud> {
  const cloud = await startStackCloud()
  expect(await cloud.run('up')).toMatchObject({ code: 0 })
  return cloud
}

/** It is delayed, so that no function takes it. */
async function sendTo(name: string, { sqs }: StackCloud['clients']): Promise<void> {
  const [QueueUrl] = (await sqs.send(new ListQueuesCommand({ QueueNamePrefix: name }))).QueueUrls ?? []
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 900 }))
}

async function putObject({ s3 }: StackCloud['clients']): Promise<void> {
  const object = { Bucket: 'acme-bucket', Key: 'ledger/low/T-1.json', Body: '{}', IfNoneMatch: '*' }
  await s3.send(new PutObjectCommand(object))
}
