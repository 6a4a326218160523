import { expect, it } from 'vitest'
import { operatorPolicy, serverPolicy } from './access-policies.ts'

const scope = { prefix: 'acme', region: 'us-east-1', accountId: '000000000000', secretId: 'ticketing-app' }

const IN_ACCOUNT = { StringEquals: { 'aws:ResourceAccount': '000000000000' } }

it('lets the server send tickets and events, answer commands, find cards, bind tokens, sweep, read both secrets, and nothing else', () => {
  expect(serverPolicy(scope).Statement).toEqual([
    {
      Sid: 'Queues',
      Effect: 'Allow',
      Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'],
      Resource: ['LP', 'MP', 'HP', 'EVQ'].map((stem) => `arn:aws:sqs:us-east-1:000000000000:acme-${stem}`),
    },
    {
      Sid: 'Objects',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: ['ledger', 'cases', 'people'].map((folder) => `arn:aws:s3:::acme-bucket/${folder}/*`),
      Condition: IN_ACCOUNT,
    },
    {
      Sid: 'TokenTeams',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::acme-bucket/token-teams/*'],
      Condition: IN_ACCOUNT,
    },
    {
      Sid: 'NewTokenTeams',
      Effect: 'Allow',
      Action: ['s3:PutObject'],
      Resource: ['arn:aws:s3:::acme-bucket/token-teams/*'],
      Condition: { Null: { 's3:if-none-match': 'false' }, ...IN_ACCOUNT },
    },
    {
      Sid: 'Sweep',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: ['arn:aws:s3:::acme-bucket/sweep/*'],
      Condition: IN_ACCOUNT,
    },
    {
      Sid: 'StaleMarkers',
      Effect: 'Allow',
      Action: ['s3:DeleteObject'],
      Resource: ['arn:aws:s3:::acme-bucket/index/*'],
      Condition: IN_ACCOUNT,
    },
    {
      Sid: 'MissingObjects',
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: ['arn:aws:s3:::acme-bucket'],
      Condition: {
        StringLike: {
          's3:prefix': ['ledger/*', 'cases/*', 'people/*', 'index/*', 'places/*', 'sweep/*', 'token-teams/*'],
        },
        ...IN_ACCOUNT,
      },
    },
    {
      Sid: 'Secret',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: ['ticketing-app', 'ticketing-app-intake'].map(
        (name) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-??????`,
      ),
    },
  ])
})

it('gives the operator a resource of * only where AWS knows no other', () => {
  const open = operatorPolicy(scope).Statement.filter(({ Resource = [] }) => Resource.includes('*'))
  expect(open.flatMap(({ Action }) => Action)).toEqual([
    'lambda:CreateEventSourceMapping',
    'sqs:ListQueues',
    's3:ListAllMyBuckets',
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
