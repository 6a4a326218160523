import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { callForm, callJson, callRaw, signedFor } from '../testing/call-raw.ts'
import { documentOf, startGuardedAccount } from '../testing/start-guarded-account.ts'

const Bucket = 'acme-bucket'
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:q'

test('an unsigned request may nothing, and each service says so in its own words', async () => {
  const { cloud, root } = startGuardedAccount()
  const { QueueUrl = '' } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  await root.s3.send(new CreateBucketCommand({ Bucket }))
  await root.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  await root.secrets.send(new CreateSecretCommand({ Name: 'app', SecretString: 'x' }))

  const secret = await callJson(cloud, { target: 'secretsmanager.GetSecretValue', input: { SecretId: 'app' } })
  expect([secret.status, JSON.parse(secret.text)]).toEqual([
    400,
    {
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    },
  ])
  const listed = await callRaw(cloud, { method: 'GET', target: '/2015-03-31/functions' })
  expect([listed.status, listed.headers['x-amzn-errortype']]).toEqual([403, 'MissingAuthenticationTokenException'])
  const roles = await callForm(cloud, { Action: 'ListRoles', Version: '2010-05-08' })
  expect([roles.status, roles.text]).toEqual([403, expect.stringContaining('<Code>MissingAuthenticationToken</Code>')])
  const identity = await callForm(cloud, { Action: 'GetCallerIdentity', Version: '2011-06-15' })
  expect(identity.text).toContain('<Message>Request is missing Authentication Token</Message>')
  const queues = await callForm(cloud, { Action: 'ListQueues' })
  expect(queues.text).toContain('<Code>MissingAuthenticationToken</Code>')
  const message = await callForm(cloud, { Action: 'SendMessage', QueueUrl, MessageBody: 'b' })
  expect([message.status, message.text]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
  for (const [method, target] of [
    ['GET', '/'],
    ['GET', `/${Bucket}`],
    ['GET', `/${Bucket}/k`],
    ['GET', `/${Bucket}/none`],
    ['PUT', `/${Bucket}/k`],
    ['DELETE', `/${Bucket}/k`],
    ['GET', `/${Bucket}?policy`],
    ['PUT', '/other-bucket'],
  ] as const) {
    const { status, text } = await callRaw(cloud, { method, target })
    expect([method, target, status, text]).toEqual([method, target, 403, expect.stringContaining('Access Denied')])
  }
})

test('a policy for every principal allows an unsigned request, one for the account does not', async () => {
  const { cloud, root } = startGuardedAccount()
  const { QueueUrl = '' } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const send = () => callForm(cloud, { Action: 'SendMessage', QueueUrl, MessageBody: 'b' })
  const allow = async (Principal: unknown): Promise<number> => {
    const Policy = documentOf([{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: QUEUE_ARN }])
    await root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
    return (await send()).status
  }
  expect(await allow({ AWS: '000000000000' })).toBe(403)
  expect(await allow('*')).toBe(200)
  expect((await callForm(cloud, { Action: 'PurgeQueue', QueueUrl })).status).toBe(403)
})

test('a public bucket is readable without a signature, unless public access is blocked', async () => {
  const { cloud, root } = startGuardedAccount()
  await root.s3.send(new CreateBucketCommand({ Bucket }))
  await root.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  await root.s3.send(new DeletePublicAccessBlockCommand({ Bucket }))
  const Resource = `arn:aws:s3:::${Bucket}/*`
  const Policy = documentOf([{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }])
  await root.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  const read = () => callRaw(cloud, { method: 'GET', target: `/${Bucket}/k` })
  expect([(await read()).status, (await read()).text]).toEqual([200, 'x'])
  expect((await callRaw(cloud, { method: 'PUT', target: `/${Bucket}/k`, body: 'y' })).status).toBe(403)
  await callRaw(cloud, {
    method: 'PUT',
    target: `/${Bucket}?publicAccessBlock`,
    headers: signedFor('s3'),
    body: '<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
  })
  expect((await read()).status).toBe(403)
})
