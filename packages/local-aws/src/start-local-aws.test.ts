import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetQueueUrlCommand, CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, onTestFinished, test } from 'vitest'
import { createLocalAws } from './create-local-aws.ts'
import { startLocalAws } from './start-local-aws.ts'
import { zipOf } from './testing/start-lambda.ts'

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 }

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('an AWS on a port keeps its data in its folder', async () => {
  const folder = makeFolder()
  {
    await using aws = await startLocalAws({ folder })
    await new SQSClient({ ...settings, endpoint: aws.endpoint }).send(new CreateQueueCommand({ QueueName: 'q' }))
  }
  await using again = await startLocalAws({ folder })
  const sqs = new SQSClient({ ...settings, endpoint: again.endpoint })
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))
  expect(QueueUrl).toBe(`${again.endpoint}/000000000000/q`)
})

test('functions run from their zips, without any setup', async () => {
  await using aws = await startLocalAws()
  const at = { ...settings, endpoint: aws.endpoint }
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  const { Role } = await new IAMClient(at).send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument }))
  const lambda = new LambdaClient(at)
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: Role?.Arn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('export const handler = async () => process.env.AWS_ENDPOINT_URL') },
    }),
  )
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'f' }))
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toBe(aws.endpoint)
})

test('the errors for a port in use and for a damaged store name them', async () => {
  await using aws = await startLocalAws()
  const port = Number(new URL(aws.endpoint).port)
  await expect(startLocalAws({ port })).rejects.toMatchObject({
    name: 'ListenFailed',
    failure: { code: 'port-in-use', host: '127.0.0.1', port },
  })
  const folder = makeFolder()
  writeFileSync(join(folder, 'cloud.sqlite'), 'no database'.repeat(500))
  await expect(startLocalAws({ folder })).rejects.toMatchObject({ name: 'StoreUnusable', code: 'damaged' })
})

test('an AWS without a socket is a value', async () => {
  await using aws = createLocalAws()
  const sqs = new SQSClient({ ...settings, endpoint: 'http://cloud.internal', requestHandler: aws.requestHandler })
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  expect(QueueUrl).toBe('http://cloud.internal/000000000000/q')
})
