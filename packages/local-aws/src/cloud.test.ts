import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { createCloud, type CloudOptions } from './cloud.ts'
import { createInProcessHandler } from './in-process.ts'
import { AwsError, ConnectionLost, type Service } from './service.ts'
import { callForm, callJson, callRaw, signedFor } from './testing/call-raw.ts'
import { createManualClock } from './testing/manual-clock.ts'
import { START } from './testing/start-account.ts'
import type { CloudEvent } from './events.ts'
import type { Cloud } from './http.ts'

function startCloud(
  operations: Service['operations'],
  options: Partial<CloudOptions> = {},
): { cloud: Cloud; events: CloudEvent[] } {
  const events: CloudEvent[] = []
  const cloud = createCloud({
    clock: createManualClock(START),
    services: ['sqs', 'lambda', 'iam', 'secretsmanager'].map((name) => ({ name, operations })),
    observe: (event) => void events.push(event),
    newRequestId: () => 'request-1',
    ...options,
  })
  return { cloud, events }
}

const scope = (service: string) => signedFor(service, 'eu-west-1')

test('an operation gets caller, origin and base URL', async () => {
  const calls: unknown[] = []
  const { cloud } = startCloud(
    { ListQueues: (_input, call) => void calls.push({ ...call, signal: call.signal.aborted, deny: undefined }) },
    { accountId: '111122223333' },
  )
  await callRaw(cloud, { headers: { ...scope('sqs'), 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' })
  expect(calls).toEqual([
    {
      service: 'sqs',
      operation: 'ListQueues',
      caller: { accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root', accessKeyId: 'AKIA' },
      region: 'eu-west-1',
      requestId: 'request-1',
      baseUrl: 'http://cloud.test:4566',
      from: { address: '127.0.0.1', secure: true },
      signal: false,
    },
  ])
})

test('a known key is its own caller, and authorisation can refuse it', async () => {
  const caller = { accountId: '000000000000', arn: 'arn:aws:sts::000000000000:assumed-role/r/s', roleName: 'r' }
  const { cloud } = startCloud(
    { ListQueues: () => ({}) },
    {
      resolveCaller: (key) => (key === 'AKIA' ? caller : undefined),
      authorizer: {
        authorize: ({ caller: { roleName } }) => {
          if (roleName === 'r') throw new AwsError('AccessDenied', 'No.', { status: 403 })
        },
        deny: () => undefined,
      },
    },
  )
  const target = { 'x-amz-target': 'AmazonSQS.ListQueues' }
  expect((await callRaw(cloud, { headers: { ...scope('sqs'), ...target }, body: '{}' })).status).toBe(403)
  expect((await callRaw(cloud, { headers: target, body: '{}' })).status).toBe(200)
})

test('intercept answers, breaks or loses a call in place of the service', async () => {
  const { cloud, events } = startCloud(
    { GetQueueUrl: () => ({ QueueUrl: 'own' }) },
    {
      intercept: async (_call, { QueueName }, run) => {
        if (QueueName === 'broken') throw new AwsError('RequestThrottled', 'Slow down.', { status: 403 })
        if (QueueName === 'answered') return { QueueUrl: 'intercepted' }
        const output = await run()
        if (QueueName === 'lost') throw new ConnectionLost()
        return output
      },
    },
  )
  const sqs = new SQSClient({
    region: 'us-east-1',
    endpoint: 'http://cloud.test',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: createInProcessHandler(cloud),
    maxAttempts: 1,
  })
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'answered' }))).QueueUrl).toBe('intercepted')
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'other' }))).QueueUrl).toBe('own')
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'broken' }))).rejects.toMatchObject({
    name: 'RequestThrottled',
  })
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'lost' }))).rejects.toMatchObject({ code: 'ECONNRESET' })
  const answered = {
    at: 1_795_514_400_000,
    source: 'cloud',
    kind: 'call-answered',
    service: 'sqs',
    operation: 'GetQueueUrl',
  }
  expect(events).toEqual([
    { ...answered, error: undefined },
    { ...answered, error: undefined },
    { ...answered, error: 'RequestThrottled' },
    { ...answered, error: 'ConnectionLost' },
  ])
})

test('a defect of a service is answered with InternalFailure', async () => {
  const { cloud, events } = startCloud({
    ListQueues: () => {
      throw new TypeError('oops')
    },
  })
  const answer = await callJson(cloud, { target: 'AmazonSQS.ListQueues', input: {} })
  expect([answer.status, answer.headers['x-amzn-query-error']]).toEqual([500, 'InternalFailure;Receiver'])
  expect(events).toMatchObject([{ error: 'InternalFailure: TypeError: oops' }])
})

test('an unknown operation is an error of the service, in its own protocol', async () => {
  const { cloud } = startCloud({})
  const sqs = await callJson(cloud, { target: 'AmazonSQS.Bark', input: {} })
  expect([sqs.status, sqs.headers['x-amzn-query-error']]).toEqual([400, 'InvalidAction;Sender'])
  const secrets = await callJson(cloud, { target: 'secretsmanager.Bark', input: {} })
  expect([secrets.status, secrets.text.includes('UnknownOperationException')]).toEqual([400, true])
  const iam = await callForm(cloud, { Action: 'Bark', Version: '2010-05-08' })
  expect([iam.status, iam.text.includes('<Code>InvalidAction</Code>')]).toEqual([400, true])
  const lambda = await callRaw(cloud, { method: 'GET', target: '/2015-03-31/nothing', headers: scope('lambda') })
  expect([lambda.status, lambda.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException'])
})

test.each([
  ['a target', { headers: { ...scope('dynamodb'), 'x-amz-target': 'DynamoDB_20120810.ListTables' } }, 400],
  ['a target, unsigned', { headers: { 'x-amz-target': 'TrentService.ListKeys' } }, 400],
  ['a path', { method: 'GET', target: '/2017-10-26/configuration', headers: scope('appconfig') }, 404],
])('a call of an unknown service, by %s, is answered in JSON', async (_what, request, status) => {
  const { cloud } = startCloud({})
  const answer = await callRaw(cloud, request)
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([status, 'UnknownOperationException'])
  expect(JSON.parse(answer.text)).toMatchObject({
    message: expect.stringMatching(/^The service \S+ is not offered by/),
  })
})

test('a form for an unknown service is answered in XML', async () => {
  const { cloud } = startCloud({})
  const answer = await callForm(cloud, { Action: 'ListTopics', Version: '2010-03-31' }, scope('sns'))
  expect([answer.status, answer.text]).toEqual([
    400,
    expect.stringContaining('<Message>The service sns is not offered'),
  ])
})

test('missing and invalid parameters are rejected before the service gets the call', async () => {
  const { cloud } = startCloud({ CreateQueue: () => ({}), ReceiveMessage: () => ({}), CreateRole: () => ({}) })
  const missing = await callJson(cloud, { target: 'AmazonSQS.CreateQueue', input: {} })
  expect(JSON.parse(missing.text)).toEqual({
    __type: 'com.amazon.coral.service#MissingRequiredParameterException',
    message: 'The request must contain the parameter QueueName.',
  })
  const wrong = await callJson(cloud, {
    target: 'AmazonSQS.ReceiveMessage',
    input: { QueueUrl: 'q', MaxNumberOfMessages: 'ten' },
  })
  expect(JSON.parse(wrong.text)).toMatchObject({ message: 'STRING_VALUE can not be converted to an Integer' })
  const broken = await callRaw(cloud, { headers: { 'x-amz-target': 'AmazonSQS.CreateQueue' }, body: '{' })
  expect([broken.status, broken.text.includes('SerializationException')]).toEqual([400, true])
  const role = await callForm(cloud, { Action: 'CreateRole', Version: '2010-05-08', RoleName: 'r' })
  expect(role.text).toContain(
    'Value null at &#x27;assumeRolePolicyDocument&#x27; failed to satisfy constraint: Member must not be null',
  )
})

test('a browser gets a landing page; a client that signs, or that sends no Accept, does not', async () => {
  const { cloud } = startCloud({})
  const open = (headers: Record<string, string>, target = '/') => callRaw(cloud, { method: 'GET', target, headers })
  expect((await open({ accept: '*/*' })).text).toContain('This is an AWS on this machine')
  for (const headers of [{}, { accept: '*/*', authorization: 'AWS4-HMAC-SHA256 Credential=x' }])
    expect((await open(headers)).text).not.toContain('This is an AWS')
  expect((await open({ accept: '*/*' }, '/?Action=ListUsers')).text).not.toContain('This is an AWS')
})

test('health names the services', async () => {
  const { cloud } = startCloud({})
  const answer = await callRaw(cloud, { method: 'GET', target: '/_localstack/health' })
  expect(JSON.parse(answer.text)).toEqual({
    services: { sqs: 'running', lambda: 'running', iam: 'running', secretsmanager: 'running' },
  })
})
