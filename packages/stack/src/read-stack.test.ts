import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { expect, it } from 'vitest'
import { description, clock, startAccount } from '../test/start-account.ts'
import { applyStack } from './apply-stack.ts'
import { describeStack } from './desired/describe-stack.ts'
import { readCaller } from './read-caller.ts'
import { readStack } from './read-stack.ts'

it('shows each lane with its messages, its function and what feeds it', async () => {
  const account = startAccount()
  const applied = await clock.runUntilSettled(applyStack(describeStack(description()), account.clients, { clock }))
  if (!applied.ok) throw new Error(JSON.stringify(applied.failure))
  const QueueUrl = applied.value.queueUrls['acme-DLQ']
  await account.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 900 }))
  const status = await readStack(account.clients, { prefix: 'acme' })
  if (!status.ok) throw new Error(status.failure.problem)
  expect(status.value.bucket).toEqual({ name: 'acme-bucket', exists: true })
  expect(status.value.lanes.map(({ lane }) => lane)).toEqual(['low', 'medium', 'high', 'news', 'events', 'dead'])
  expect(status.value.lanes.at(-1)).toMatchObject({
    queue: { name: 'acme-DLQ', visible: 0, inFlight: 0, delayed: 1 },
    function: { name: 'acme-DLQ', state: 'Active', mapping: expect.stringMatching(/^(Creating|Enabled)$/) },
  })
})

it('looks for the bucket of an earlier prefix where the secret names it', async () => {
  const account = startAccount()
  await clock.runUntilSettled(applyStack(describeStack(description()), account.clients, { clock }))
  expect(await readStack(account.clients, { prefix: 'desk', bucket: 'acme-bucket' })).toMatchObject({
    value: { prefix: 'desk', bucket: { name: 'acme-bucket', exists: true } },
  })
})

it('shows an account where nothing is', async () => {
  const account = startAccount()
  expect(await readStack(account.clients, { prefix: 'acme' })).toEqual({
    ok: true,
    value: {
      prefix: 'acme',
      bucket: { name: 'acme-bucket', exists: false },
      lanes: [
        { lane: 'low' },
        { lane: 'medium' },
        { lane: 'high' },
        { lane: 'news' },
        { lane: 'events' },
        { lane: 'dead' },
      ],
    },
  })
})

it('says what to do when AWS does not take the credentials', async () => {
  const account = startAccount()
  account.failNext('GetCallerIdentity', 'ExpiredToken', 'The security token included in the request is expired')
  expect(await readCaller(account.clients)).toMatchObject({
    ok: false,
    failure: { code: 'no-credentials', todo: expect.stringContaining('Sign in again') },
  })
})
