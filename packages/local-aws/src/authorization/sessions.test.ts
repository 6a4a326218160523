import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  DeleteBucketPolicyCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { callForm, signedFor } from '../testing/call-raw.ts'
import { failureOf } from '../testing/start-account.ts'
import { documentOf, startGuardedAccount } from '../testing/start-guarded-account.ts'

const sqsAll = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' }

test('a session is limited by its session policy and by its role’s boundary', async () => {
  const account = startGuardedAccount()
  await account.root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const policy = { Effect: 'Allow', Action: 'sqs:GetQueueUrl', Resource: '*' }
  const { sqs } = await account.as([sqsAll], { policy })
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))
  const send = (): Promise<unknown> => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'b' }))
  expect((await failureOf(send())).message).toMatch(/because no session policy allows the sqs:sendmessage action$/)
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
  await account.root.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'worker', PermissionsBoundary }))
  expect((await failureOf(sqs.send(new GetQueueUrlCommand({ QueueName: 'q' })))).message).toMatch(
    /because no permissions boundary allows the sqs:getqueueurl action$/,
  )
})

test('a role can be assumed only by principals that it trusts', async () => {
  const account = startGuardedAccount()
  await account.as([])
  const assume = (): Promise<unknown> =>
    account.root.sts.send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::000000000000:role/worker',
        RoleSessionName: 'me',
        ExternalId: 'x',
      }),
    )
  const trust = (statement: object): Promise<unknown> =>
    account.root.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'worker',
        PolicyDocument: documentOf([{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }]),
      }),
    )
  await trust({ Principal: { Service: 'lambda.amazonaws.com' } })
  expect(await failureOf(assume())).toEqual({
    name: 'AccessDenied',
    status: 403,
    message:
      'User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/worker',
  })
  const Principal = { AWS: 'arn:aws:iam::000000000000:root' }
  await trust({ Principal, Condition: { StringEquals: { 'sts:ExternalId': 'y' } } })
  expect(await failureOf(assume())).toMatchObject({ name: 'AccessDenied' })
  await trust({ Principal, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } })
  await assume()
})

test('loopback is secure; plain HTTP to a proxy is not', async () => {
  const { cloud, root } = startGuardedAccount()
  const { QueueUrl = '' } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const Policy = documentOf([
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: 'arn:aws:sqs:us-east-1:000000000000:q',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ])
  await root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  await root.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'b' }))
  const form = { Action: 'SendMessage', QueueUrl, MessageBody: 'b' }
  const from = async (more: { address?: string; headers?: Record<string, string> }): Promise<number> => {
    const answer = await callForm(
      (request) => cloud({ ...request, ...more, headers: { ...request.headers, ...more.headers } }),
      form,
      signedFor('sqs'),
    )
    return answer.status
  }
  expect(await from({ address: '127.0.0.1' })).toBe(200)
  expect(await from({ address: '::1' })).toBe(200)
  expect(await from({ address: '192.0.2.7' })).toBe(403)
  expect(await from({ address: '::ffff:192.0.2.7' })).toBe(403)
  expect(await from({ address: '192.0.2.7', headers: { 'x-forwarded-proto': 'https' } })).toBe(200)
  expect(await from({ headers: { 'x-forwarded-proto': 'http' } })).toBe(403)
})

test('the root of the account can always repair the policy of its bucket', async () => {
  const { root } = startGuardedAccount()
  const Bucket = 'acme-bucket'
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`]
  const Policy = documentOf([{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource }])
  await root.s3.send(new CreateBucketCommand({ Bucket }))
  await root.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  expect(await failureOf(root.s3.send(new ListObjectsV2Command({ Bucket })))).toMatchObject({ name: 'AccessDenied' })
  await root.s3.send(new DeleteBucketPolicyCommand({ Bucket }))
  await root.s3.send(new ListObjectsV2Command({ Bucket }))
})

test('a policy with an unknown operator is rejected when it is put', async () => {
  const account = startGuardedAccount()
  const { root } = account
  await account.as([])
  const { QueueUrl } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const Condition = { StringIs: { 'aws:username': 'x' } }
  expect(
    await failureOf(
      root.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'worker',
          PolicyName: 'p',
          PolicyDocument: documentOf([{ ...sqsAll, Condition }]),
        }),
      ),
    ),
  ).toEqual({
    name: 'MalformedPolicyDocumentException',
    status: 400,
    message: 'Syntax errors in policy: Condition has the unknown operator StringIs.',
  })
  const Policy = documentOf([{ ...sqsAll, Principal: '*', Condition }])
  expect(
    await failureOf(root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))),
  ).toMatchObject({
    name: 'InvalidAttributeValue',
  })
  await root.s3.send(new CreateBucketCommand({ Bucket: 'acme-bucket' }))
  const Resource = 'arn:aws:s3:::acme-bucket/*'
  const bucketPolicy = documentOf([{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource, Condition }])
  expect(
    await failureOf(root.s3.send(new PutBucketPolicyCommand({ Bucket: 'acme-bucket', Policy: bucketPolicy }))),
  ).toMatchObject({ name: 'MalformedPolicy' })
})

test('a role has the permissions of the default version of its attached policy', async () => {
  const account = startGuardedAccount()
  const { iam } = account.root
  await account.root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const { sqs } = await account.as([])
  const find = (): Promise<unknown> => sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))
  const made = await iam.send(new CreatePolicyCommand({ PolicyName: 'queues', PolicyDocument: documentOf([sqsAll]) }))
  const PolicyArn = made.Policy?.Arn
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn }))
  await find()
  const narrower = documentOf([{ ...sqsAll, Action: 'sqs:SendMessage' }])
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: narrower, SetAsDefault: true }))
  expect(await failureOf(find())).toMatchObject({ name: 'AccessDenied' })
})

test('a policy can use the tags of the calling role', async () => {
  const account = startGuardedAccount()
  for (const QueueName of ['red', 'blue']) await account.root.sqs.send(new CreateQueueCommand({ QueueName }))
  const { sqs } = await account.as([{ ...sqsAll, Resource: 'arn:aws:sqs:*:*:${aws:PrincipalTag/team}' }])
  const find = (QueueName: string): Promise<unknown> => sqs.send(new GetQueueUrlCommand({ QueueName }))
  expect(await failureOf(find('red'))).toMatchObject({ name: 'AccessDenied' })
  await account.root.iam.send(new TagRoleCommand({ RoleName: 'worker', Tags: [{ Key: 'team', Value: 'red' }] }))
  await find('red')
  expect(await failureOf(find('blue'))).toMatchObject({ name: 'AccessDenied' })
})
