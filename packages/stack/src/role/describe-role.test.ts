import { describe, expect, it } from 'vitest'
import { description } from '../../test/start-account.ts'
import { describeStack } from '../desired/describe-stack.ts'
import type { Statement } from '../policy/policy-document.ts'

const roles = new Map(describeStack(description()).roles.map((role) => [role.name, role.policy.Statement]))
const statementsOf = (role: string): readonly Statement[] => roles.get(role) ?? []
const find = (role: string, sid: string): Statement | undefined => statementsOf(role).find(({ Sid }) => Sid === sid)

const IN_ACCOUNT = { StringEquals: { 'aws:ResourceAccount': '000000000000' } }

it('lets the low-priority function do exactly what delivering to S3 takes', () => {
  expect(statementsOf('acme-LP-Role')).toEqual([
    {
      Sid: 'OwnQueue',
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      Resource: ['arn:aws:sqs:us-east-1:000000000000:acme-LP'],
    },
    {
      Sid: 'DeadLetterQueue',
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Resource: ['arn:aws:sqs:us-east-1:000000000000:acme-DLQ'],
    },
    {
      Sid: 'Objects',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: ['arn:aws:s3:::acme-bucket/ledger/low/*'],
      Condition: IN_ACCOUNT,
    },
    {
      Sid: 'MissingObjects',
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: ['arn:aws:s3:::acme-bucket'],
      Condition: { StringLike: { 's3:prefix': ['ledger/low/*', 'cases/*'] }, ...IN_ACCOUNT },
    },
    {
      Sid: 'Cases',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::acme-bucket/cases/*'],
      Condition: IN_ACCOUNT,
    },
    {
      Sid: 'NewMarkers',
      Effect: 'Allow',
      Action: ['s3:PutObject'],
      Resource: ['arn:aws:s3:::acme-bucket/index/*'],
      Condition: { Null: { 's3:if-none-match': 'false' }, ...IN_ACCOUNT },
    },
    {
      Sid: 'OldMarkers',
      Effect: 'Allow',
      Action: ['s3:DeleteObject'],
      Resource: ['arn:aws:s3:::acme-bucket/index/*'],
      Condition: IN_ACCOUNT,
    },
    ...[
      ['NewPeople', 'people'],
      ['NewCases', 'cases'],
      ['Tickets', 'tickets'],
    ].map(([Sid, folder]) => ({
      Sid,
      Effect: 'Allow',
      Action: ['s3:PutObject'],
      Resource: [`arn:aws:s3:::acme-bucket/${folder}/*`],
      Condition: { Null: { 's3:if-none-match': 'false' }, ...IN_ACCOUNT },
    })),
    {
      Sid: 'OwnLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [
        'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/acme-LP',
        'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/acme-LP:*',
      ],
    },
  ])
})

it('lets the events’ function change cases and the index, and touch no ledger', () => {
  const statements = statementsOf('acme-EV-Role')
  expect(statements.map(({ Sid }) => Sid)).toEqual([
    'OwnQueue',
    'DeadLetterQueue',
    'EffectQueues',
    'MissingObjects',
    'Cases',
    'NewMarkers',
    'OldMarkers',
    'NewPeople',
    'ChangedCases',
    'OwnLogs',
  ])
  expect(find('acme-EV-Role', 'EffectQueues')?.Resource).toEqual(
    ['LP', 'MP', 'HP', 'NQ'].map((queue) => `arn:aws:sqs:us-east-1:000000000000:acme-${queue}`),
  )
  expect(find('acme-EV-Role', 'ChangedCases')).toMatchObject({
    Resource: ['arn:aws:s3:::acme-bucket/cases/*'],
    Condition: { Null: { 's3:if-match': 'false' }, ...IN_ACCOUNT },
  })
  expect(JSON.stringify(statements)).not.toContain('ledger')
})

it('limits each function to its own part of the ledger, and the dead-letter function to its archive', () => {
  expect(find('acme-MP-Role', 'Objects')?.Resource).toEqual(['arn:aws:s3:::acme-bucket/ledger/medium/*'])
  expect(find('acme-HP-Role', 'Objects')?.Resource).toEqual(['arn:aws:s3:::acme-bucket/ledger/high/*'])
  expect(find('acme-DLQ-Role', 'Objects')?.Resource).toEqual(
    ['ledger/low', 'ledger/medium', 'ledger/high', 'ledger/news', 'dead-letters'].map(
      (folder) => `arn:aws:s3:::acme-bucket/${folder}/*`,
    ),
  )
  expect(find('acme-N-Role', 'Objects')?.Resource).toEqual(['arn:aws:s3:::acme-bucket/ledger/news/*'])
  expect(find('acme-N-Role', 'NewCases')).toBeUndefined()
  expect(find('acme-DLQ-Role', 'Cases')).toBeUndefined()
  expect(find('acme-DLQ-Role', 'NewCases')).toBeUndefined()
})

it('trusts Lambda for this account alone, and is bounded', () => {
  for (const { trust, boundary } of describeStack(description()).roles) {
    expect(trust.Statement.map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
      [{ Service: 'lambda.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '000000000000' } }],
    ])
    expect(boundary).toBe('arn:aws:iam::000000000000:policy/acme-Boundary')
  }
})

it('lets the dead-letter function send to the queue of news alone', () => {
  const sends = statementsOf('acme-DLQ-Role').filter(({ Action }) => Action.includes('sqs:SendMessage'))
  expect(sends.flatMap(({ Resource = [] }) => Resource)).toEqual(['arn:aws:sqs:us-east-1:000000000000:acme-NQ'])
})

describe.each([...roles])('%s', (_name, statements) => {
  it('names every resource and every action, without a wildcard for a whole service or account', () => {
    for (const { Action, Resource = [] } of statements) {
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/)
      for (const arn of Resource)
        expect(arn).toMatch(/^arn:aws:.*(acme-(LP|MP|HP|NQ?|EVQ?|DLQ|bucket)|ticketing-app-AbCdEf)/)
    }
  })
})

it('leaves the end of the secret’s ARN open when only its name is known', () => {
  const { secretArn: _unknown, ...rest } = description()
  const roles = new Map(describeStack(rest).roles.map((role) => [role.name, role.policy.Statement]))
  const secretOf = (role: string): Statement | undefined => roles.get(role)?.find(({ Sid }) => Sid === 'Secret')
  expect(secretOf('acme-LP-Role')).toBeUndefined()
  expect(secretOf('acme-MP-Role')?.Resource).toEqual([
    'arn:aws:secretsmanager:us-east-1:000000000000:secret:ticketing-app-??????',
  ])
})
