import { GetRoleCommand, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager'
import { CreateQueueCommand, ListQueuesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { callForm, callRaw, signedFor } from '../testing/call-raw.ts'
import { failureOf } from '../testing/start-account.ts'
import { type GuardedAccount, documentOf, startGuardedAccount } from '../testing/start-guarded-account.ts'
import { zipOf } from '../testing/start-lambda.ts'
import { accessTables } from './access-tables.ts'

const ME = 'User: arn:aws:sts::000000000000:assumed-role/worker/me is not authorized to perform:'
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:q'
const Bucket = 'acme-bucket'

async function furnish({ root }: GuardedAccount): Promise<{ QueueUrl: string; secretArn: string }> {
  const { QueueUrl = '' } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  await root.s3.send(new CreateBucketCommand({ Bucket }))
  await root.s3.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'x' }))
  const { ARN = '' } = await root.secrets.send(new CreateSecretCommand({ Name: 'app', SecretString: 's' }))
  return { QueueUrl, secretArn: ARN }
}

const allow = (Action: string | readonly string[], Resource: string): object => ({ Effect: 'Allow', Action, Resource })

test('every operation has a rule, and every rule an operation', () => {
  const { operations } = startGuardedAccount()
  for (const [name, offered] of operations)
    expect(Object.keys(accessTables[name] ?? {}).toSorted(), name).toEqual(offered.toSorted())
})

test('each service denies with its own code, status and text', async () => {
  const account = startGuardedAccount()
  const { QueueUrl, secretArn } = await furnish(account)
  const { sqs, s3, secrets, iam, sts, lambda } = await account.as([])
  const Entries = [{ Id: '1', MessageBody: 'b' }]
  const calls: readonly (readonly [Promise<unknown>, string, number, string])[] = [
    [
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'b' })),
      'AccessDenied',
      403,
      `sqs:sendmessage on resource: ${QUEUE_ARN} because no identity-based policy allows the sqs:sendmessage action`,
    ],
    [
      sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
      'AccessDenied',
      403,
      `sqs:sendmessage on resource: ${QUEUE_ARN} because no identity-based policy allows the sqs:sendmessage action`,
    ],
    [
      sqs.send(new ListQueuesCommand({})),
      'AccessDenied',
      403,
      'sqs:listqueues on resource: arn:aws:sqs:us-east-1:000000000000: because no identity-based policy allows the sqs:listqueues action',
    ],
    [
      s3.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'x' })),
      'AccessDenied',
      403,
      's3:PutObject on resource: "arn:aws:s3:::acme-bucket/a/b" because no identity-based policy allows the s3:PutObject action',
    ],
    [
      s3.send(new ListObjectsV2Command({ Bucket })),
      'AccessDenied',
      403,
      's3:ListBucket on resource: "arn:aws:s3:::acme-bucket" because no identity-based policy allows the s3:ListBucket action',
    ],
    [
      s3.send(new ListBucketsCommand({})),
      'AccessDenied',
      403,
      's3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action',
    ],
    [
      secrets.send(new GetSecretValueCommand({ SecretId: 'app' })),
      'AccessDeniedException',
      400,
      `secretsmanager:GetSecretValue on resource: ${secretArn} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    ],
    [
      secrets.send(new CreateSecretCommand({ Name: 'new' })),
      'AccessDeniedException',
      400,
      'secretsmanager:CreateSecret on resource: new because no identity-based policy allows the secretsmanager:CreateSecret action',
    ],
    [
      iam.send(new GetRoleCommand({ RoleName: 'worker' })),
      'AccessDenied',
      403,
      'iam:GetRole on resource: role worker because no identity-based policy allows the iam:GetRole action',
    ],
    [
      iam.send(new ListRolesCommand({})),
      'AccessDenied',
      403,
      'iam:ListRoles on resource: arn:aws:iam::000000000000:role/ because no identity-based policy allows the iam:ListRoles action',
    ],
    [
      sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/worker', RoleSessionName: 'again' })),
      'AccessDenied',
      403,
      'sts:AssumeRole on resource: arn:aws:iam::000000000000:role/worker',
    ],
    [
      lambda.send(new ListFunctionsCommand({})),
      'AccessDeniedException',
      403,
      'lambda:ListFunctions on resource: * because no identity-based policy allows the lambda:ListFunctions action',
    ],
    [
      lambda.send(new InvokeCommand({ FunctionName: 'f' })),
      'AccessDeniedException',
      403,
      'lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:f because no identity-based policy allows the lambda:InvokeFunction action',
    ],
  ]
  for (const [call, name, status, rest] of calls) {
    expect(await failureOf(call)).toEqual({ name, status, message: `${ME} ${rest}` })
  }
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toContain('assumed-role/worker/me')
})

test('SQS denies in both of its protocols', async () => {
  const { cloud, root } = startGuardedAccount()
  const QueueUrl = (await root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))).QueueUrl ?? ''
  const Policy = documentOf([{ Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: QUEUE_ARN }])
  const signed = signedFor('sqs')
  const set = { Action: 'SetQueueAttributes', 'Attribute.1.Name': 'Policy', 'Attribute.1.Value': Policy }
  await callForm(cloud, { ...set, QueueUrl }, signed)
  const json = await callRaw(cloud, {
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage', ...signed },
    body: JSON.stringify({ QueueUrl, MessageBody: 'b' }),
  })
  expect([json.status, json.headers['x-amzn-query-error']]).toEqual([403, 'AccessDenied;Sender'])
  expect(JSON.parse(json.text)).toMatchObject({ __type: 'com.amazon.coral.service#AccessDeniedException' })
  const form = await callForm(cloud, { Action: 'SendMessage', QueueUrl, MessageBody: 'b' }, signed)
  expect([form.status, form.text.includes('<Code>AccessDenied</Code>')]).toEqual([403, true])
  expect(form.text).toContain('with an explicit deny in a resource-based policy')
})

test('only a caller that may list keys gets NoSuchKey', async () => {
  const account = startGuardedAccount()
  await furnish(account)
  const objects = `arn:aws:s3:::${Bucket}/*`
  const { s3 } = await account.as([allow(['s3:GetObject', 's3:PutObject'], objects)])
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'there' }))).ContentLength).toBe(1)
  expect(await failureOf(s3.send(new GetObjectCommand({ Bucket, Key: 'ledger/none' })))).toEqual({
    name: 'AccessDenied',
    status: 403,
    message: `${ME} s3:ListBucket on resource: "arn:aws:s3:::acme-bucket" because no identity-based policy allows the s3:ListBucket action`,
  })
  expect(await failureOf(s3.send(new HeadObjectCommand({ Bucket, Key: 'ledger/none' })))).toMatchObject({ status: 403 })
  const CopySource = `${Bucket}/ledger/none`
  expect(await failureOf(s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource })))).toMatchObject({
    name: 'AccessDenied',
  })
  const Condition = { StringLike: { 's3:prefix': 'ledger/*' } }
  await account.root.iam.send(
    new PutRolePolicyCommand({
      RoleName: 'worker',
      PolicyName: 'list',
      PolicyDocument: documentOf([{ ...allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`), Condition }]),
    }),
  )
  expect(await failureOf(s3.send(new GetObjectCommand({ Bucket, Key: 'ledger/none' })))).toMatchObject({
    name: 'NoSuchKey',
    status: 404,
  })
  expect(await failureOf(s3.send(new GetObjectCommand({ Bucket, Key: 'other/none' })))).toMatchObject({
    name: 'AccessDenied',
  })
  expect(await failureOf(s3.send(new GetObjectCommand({ Bucket: 'nobodys', Key: 'k' })))).toMatchObject({
    name: 'NoSuchBucket',
  })
})

test('batches are denied item by item', async () => {
  const account = startGuardedAccount()
  const { secretArn } = await furnish(account)
  const { s3, secrets } = await account.as([
    allow('s3:DeleteObject', `arn:aws:s3:::${Bucket}/mine/*`),
    allow('secretsmanager:BatchGetSecretValue', '*'),
  ])
  const Objects = [{ Key: 'there' }, { Key: 'mine/1' }, { Key: 'mine/2', VersionId: 'null' }]
  const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  expect(deleted.Deleted).toEqual([{ Key: 'mine/1' }])
  expect(deleted.Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([
    ['there', 'AccessDenied'],
    ['mine/2', 'AccessDenied'],
  ])
  const batch = await secrets.send(new BatchGetSecretValueCommand({ SecretIdList: ['app'] }))
  expect(batch.SecretValues).toEqual([])
  expect(batch.Errors).toMatchObject([{ SecretId: 'app', ErrorCode: 'AccessDeniedException' }])
  expect(batch.Errors?.[0]?.Message).toContain(secretArn)
})

test('policies see a secret’s whole ARN, also if the request has a name', async () => {
  const account = startGuardedAccount()
  const { secretArn } = await furnish(account)
  const { secrets } = await account.as([
    allow('secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:app-??????'),
  ])
  for (const SecretId of ['app', secretArn, secretArn.slice(0, -7)]) {
    expect((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('s')
  }
  await account.root.secrets.send(new CreateSecretCommand({ Name: 'app-other', SecretString: 'o' }))
  expect(await failureOf(secrets.send(new GetSecretValueCommand({ SecretId: 'app-other' })))).toMatchObject({
    name: 'AccessDeniedException',
  })
})

/** Lambda and the account's principals may assume the role. */
const trust = {
  Effect: 'Allow',
  Principal: { AWS: '000000000000', Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
}
const WORKER = 'arn:aws:iam::000000000000:role/worker'

function makeFunction({ lambda }: Pick<GuardedAccount['root'], 'lambda'>, Role: string): Promise<unknown> {
  return lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('export const handler = () => null') },
    }),
  )
}

test('a function’s role must be one that the caller may pass to Lambda', async () => {
  const account = startGuardedAccount()
  const Condition = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }
  const clients = await account.as([allow('lambda:*', '*'), { ...allow('iam:PassRole', WORKER), Condition }], { trust })
  expect(await failureOf(makeFunction(clients, `${WORKER}-other`))).toMatchObject({
    name: 'AccessDeniedException',
    message: `${ME} iam:PassRole on resource: ${WORKER}-other because no identity-based policy allows the iam:PassRole action`,
  })
  await makeFunction(clients, WORKER)
})

test('a function’s role must trust Lambda', async () => {
  const account = startGuardedAccount()
  await account.as([])
  const refused = { message: 'The role defined for the function cannot be assumed by Lambda.', status: 400 }
  for (const role of [WORKER, `${WORKER}-that-is-not-there`])
    expect(await failureOf(makeFunction(account.root, role))).toMatchObject(refused)
})

test.each(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])(
  'no mapping is made for a role that may not %s',
  async (missing) => {
    const account = startGuardedAccount()
    await account.root.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
    const others = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].filter((name) => name !== missing)
    const statement = allow(
      others.map((name) => `sqs:${name}`),
      QUEUE_ARN,
    )
    await account.as([statement], { trust })
    await makeFunction(account.root, WORKER)
    const mapping = new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn: QUEUE_ARN })
    expect(await failureOf(account.root.lambda.send(mapping))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: `The provided execution role does not have permissions to call ${missing} on SQS`,
    })
  },
)

test("resources' own policies bind and free", async () => {
  const account = startGuardedAccount()
  const { QueueUrl } = await furnish(account)
  const { root } = account
  const { sqs, s3, secrets } = await account.as([])
  const everybody = { Principal: '*', Resource: '*' }
  await root.secrets.send(
    new PutResourcePolicyCommand({
      SecretId: 'app',
      ResourcePolicy: documentOf([{ ...everybody, Effect: 'Allow', Action: 'secretsmanager:GetSecretValue' }]),
    }),
  )
  expect((await secrets.send(new GetSecretValueCommand({ SecretId: 'app' }))).SecretString).toBe('s')

  const Resource = `arn:aws:s3:::${Bucket}/*`
  const worker = { AWS: 'arn:aws:iam::000000000000:role/worker' }
  await root.s3.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: documentOf([
        { Effect: 'Allow', Principal: worker, Action: 's3:GetObject', Resource },
        { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource },
      ]),
    }),
  )
  expect((await s3.send(new GetObjectCommand({ Bucket, Key: 'there' }))).ContentLength).toBe(1)
  expect(await failureOf(root.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })))).toEqual({
    name: 'AccessDenied',
    status: 403,
    message:
      'User: arn:aws:iam::000000000000:root is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::acme-bucket/k" with an explicit deny in a resource-based policy',
  })
  expect(await failureOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'b' })))).toMatchObject({
    name: 'AccessDenied',
  })
})
