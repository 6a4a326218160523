import { PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand } from '@aws-sdk/client-sqs'
import { expect, it } from 'vitest'
import { codeOf, description, fastClock as clock, startAccount } from '../../testing/start-account.ts'
import { applyStack } from '../apply-stack.ts'
import { describeStack } from '../desired/describe-stack.ts'
import { destroyStack } from '../destroy-stack.ts'
import { readStack } from '../read-stack.ts'
import { operatorPolicy, serverPolicy } from './people-policies.ts'

const scope = { prefix: 'acme', region: 'us-east-1', accountId: '000000000000', secretId: 'ticketing-app' }

it('lets the server send tickets, look into the ledger and read the secret, and nothing else', () => {
  expect(serverPolicy(scope).Statement).toEqual([
    {
      Sid: 'TicketQueues',
      Effect: 'Allow',
      Action: ['sqs:SendMessage', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
      Resource: ['LP', 'MP', 'HP'].map((stem) => `arn:aws:sqs:us-east-1:000000000000:acme-${stem}`),
    },
    { Sid: 'Ledger', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::acme-bucket/ledger/*'] },
    {
      Sid: 'MissingObjects',
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: ['arn:aws:s3:::acme-bucket'],
      Condition: { StringLike: { 's3:prefix': ['ledger/*'] } },
    },
    {
      Sid: 'Secret',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: ['arn:aws:secretsmanager:us-east-1:000000000000:secret:ticketing-app-??????'],
    },
  ])
})

it('gives the operator a resource of * only where Lambda knows no other', () => {
  const open = operatorPolicy(scope).Statement.filter(({ Resource = [] }) => Resource.includes('*'))
  expect(open.flatMap(({ Action }) => Action)).toEqual([
    'lambda:CreateEventSourceMapping',
    'lambda:ListEventSourceMappings',
  ])
})

it('gives the operator no wildcard of actions, and roles to Lambda alone', () => {
  const statements = operatorPolicy(scope).Statement
  for (const action of statements.flatMap(({ Action }) => Action)) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/)
  expect(statements.find(({ Action }) => Action.includes('iam:PassRole'))?.Condition).toEqual({
    StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' },
  })
})

/** Where the right's name is not the operation's: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const RIGHTS: Readonly<Record<string, string>> = {
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:DeleteObjects': 's3:DeleteObject',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
}

it('covers every call that making, changing, reading and destroying the stack took', async () => {
  const account = startAccount()
  const { clients } = account
  await clients.sqs.send(new CreateQueueCommand({ QueueName: 'acme-LP' }))
  const code = codeOf('second')
  const changed = description({
    functions: { low: code, medium: code, high: code, dead: code },
    settings: { TICKETING_LOG_LEVEL: 'debug' },
  })
  for (const described of [description(), changed]) {
    const applied = await applyStack(describeStack(described), clients, { clock })
    expect(applied.ok).toBe(true)
  }
  await readStack(clients, 'acme')
  await clients.s3.send(new PutObjectCommand({ Bucket: 'acme-bucket', Key: 'ledger/T-1.json', Body: '{}' }))
  const destroyed = await destroyStack(scope, clients, { clock, deleteData: true })
  expect(destroyed).toMatchObject({ ok: true, value: { left: [] } })

  // Everybody may ask STS who they are.
  const needed = new Set(account.calls.map((call) => RIGHTS[call] ?? call.replace(/20\d{6}\w*$/, '')))
  needed.delete('sts:GetCallerIdentity')
  const given = new Set(operatorPolicy(scope).Statement.flatMap(({ Action }) => Action))
  expect([...needed].filter((right) => !given.has(right))).toEqual([])
})
