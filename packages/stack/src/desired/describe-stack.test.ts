import { expect, it } from 'vitest'
import { codeOf, description } from '../../test/start-account.ts'
import { describeStack } from './describe-stack.ts'

it('names every resource as the older system did, and the new ones alike', () => {
  const stack = describeStack(description())
  expect(stack.queues.map(({ name }) => name)).toEqual([
    'acme-LP',
    'acme-MP',
    'acme-HP',
    'acme-NQ',
    'acme-EVQ',
    'acme-DLQ',
  ])
  expect(stack.functions.map(({ name }) => name)).toEqual([
    'acme-LP',
    'acme-MP',
    'acme-HP',
    'acme-N',
    'acme-EV',
    'acme-DLQ',
  ])
  expect(stack.roles.map(({ name }) => name)).toEqual(
    ['LP', 'MP', 'HP', 'N', 'EV', 'DLQ'].map((stem) => `acme-${stem}-Role`),
  )
  expect(stack.bucket.name).toBe('acme-bucket')
})

it('keeps messages 14 days, hides them 3 minutes and moves them to the DLQ after 1,000 receives', () => {
  const [low] = describeStack(description()).queues
  expect(low?.attributes).toEqual({
    VisibilityTimeout: '180',
    MessageRetentionPeriod: '1209600',
    SqsManagedSseEnabled: 'true',
    RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:acme-DLQ","maxReceiveCount":1000}',
    Policy:
      '{"Version":"2012-10-17","Statement":[{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":["sqs:*"],' +
      '"Resource":["arn:aws:sqs:us-east-1:000000000000:acme-LP"],' +
      '"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}',
  })
})

it('lets only the queues of tickets, news and events use the dead-letter queue', () => {
  const dead = describeStack(description()).queues.at(-1)
  expect(JSON.parse(dead?.attributes['RedriveAllowPolicy'] ?? '')).toEqual({
    redrivePermission: 'byQueue',
    sourceQueueArns: ['LP', 'MP', 'HP', 'NQ', 'EVQ'].map((stem) => `arn:aws:sqs:us-east-1:000000000000:acme-${stem}`),
  })
  expect(dead?.attributes['RedrivePolicy']).toBeUndefined()
})

it('runs Trello, Slack, news and the dead letters with at most two concurrent executions', () => {
  const { mappings } = describeStack(description())
  expect(mappings.map(({ maximumConcurrency }) => maximumConcurrency)).toEqual([5, 2, 2, 2, 5, 2])
  expect(mappings.map(({ batchSize }) => batchSize)).toEqual([10, 10, 10, 10, 10, 10])
})

it('gives a function the names of its resources, and no secret', () => {
  const settings = { TICKETING_TRELLO_URL: 'http://127.0.0.1:4567', TICKETING_GIVE_UP_AFTER: '2h' }
  const [low, , , , , dead] = describeStack(description({ settings })).functions
  expect(low?.environment).toEqual({
    TICKETING_SECRET_ID: 'ticketing-app',
    TICKETING_PREFIX: 'acme',
    TICKETING_BUCKET: 'acme-bucket',
    TICKETING_QUEUE_URL: { urlOfQueue: 'acme-LP' },
    TICKETING_DLQ_URL: { urlOfQueue: 'acme-DLQ' },
    TICKETING_GIVE_UP_AFTER: '2h',
    TICKETING_LOG_LEVEL: 'info',
    TICKETING_TRELLO_URL: 'http://127.0.0.1:4567',
  })
  expect(dead?.environment).not.toHaveProperty('TICKETING_DLQ_URL')
})

it('gives equal data for an equal description, and another digest for another', () => {
  expect(describeStack(description())).toEqual(describeStack(description()))
  const functions = { ...description().functions, medium: codeOf('second') }
  const [before, after] = [describeStack(description()), describeStack(description({ functions }))]
  const changed = after.functions.filter(
    (fn, index) => fn.tags['made-from'] !== before.functions[index]?.tags['made-from'],
  )
  expect(changed.map(({ name }) => name)).toEqual(['acme-MP'])
})

it("names resources in the region's own partition", () => {
  const { roles, bucket } = describeStack(description({ region: 'cn-north-1' }))
  expect(roles[0]?.arn).toBe('arn:aws-cn:iam::000000000000:role/acme-LP-Role')
  expect(bucket.arn).toBe('arn:aws-cn:s3:::acme-bucket')
})
