import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { CreateEventSourceMappingCommand, CreateFunctionCommand } from '@aws-sdk/client-lambda'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import type { Clock } from '../../clock.ts'
import type { Intercept } from '../../answer-call.ts'
import { createInlineExecutor } from '../../executors/inline.ts'
import { AwsError } from '../../service.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { ROLE, startLambda, zipOf, type TestLambda } from '../../testing/start-lambda.ts'
import { createVirtualClock } from '../../virtual-clock.ts'

const START = 1_795_514_400_000
const QueueUrl = 'http://cloud.test:4566/000000000000/jobs'

interface Fed extends TestLambda {
  /** Calls of the function: milliseconds since the start, and number of records. */
  readonly calls: readonly { readonly at: number; readonly records: number }[]
  /** Times of the poller's receives. */
  readonly polls: readonly number[]
  /** Sets whether polls fail, and notifies the poller. */
  refuse(isRefused: boolean): void
}

const TRUST_LAMBDA = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

/** A queue mapped to a function, which fails if `fails` returns true. */
async function feed({ clock, fails = () => false }: { clock: Clock; fails?: () => boolean }): Promise<Fed> {
  const calls: { at: number; records: number }[] = []
  const polls: number[] = []
  const listeners: (() => void)[] = []
  let isRefused = false
  const intercept: Intercept = (call, _input, run) => {
    if (call.operation !== 'ReceiveMessage') return run()
    polls.push(clock.now() - START)
    if (isRefused) throw new AwsError('AccessDenied', 'not now')
    return run()
  }
  const handler = async (event: unknown): Promise<null> => {
    const { Records }: { Records: unknown[] } = JSON.parse(JSON.stringify(event))
    calls.push({ at: clock.now() - START, records: Records.length })
    if (fails()) throw new Error('not yet')
    return null
  }
  const bed = await startLambda({
    clock,
    makeExecutor: (access) => createInlineExecutor({ clock, functions: { worker: () => handler }, ...access }),
    intercept,
    onInterceptChange: (run) => void listeners.push(run),
  })
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }))
  await bed.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Runtime: 'nodejs24.x',
      Role: ROLE,
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('export const handler = async () => null') },
    }),
  )
  const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:jobs'
  await bed.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn }))
  return {
    ...bed,
    calls,
    polls,
    refuse(isNow) {
      isRefused = isNow
      for (const run of listeners) run()
    },
  }
}

function send(bed: TestLambda, more: { DelaySeconds?: number } = {}): Promise<unknown> {
  return bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'work', ...more }))
}

test('an idle queue is polled once in a day, and a message after that is delivered at once', async () => {
  const clock = createVirtualClock(START)
  const bed = await feed({ clock })
  await clock.advance('1d')
  expect([bed.polls, clock.pending]).toEqual([[0], 0])

  await send(bed)
  await clock.settle()
  expect(bed.calls).toEqual([{ at: 86_400_000, records: 1 }])
})

test('a hidden message is received when it becomes visible, without polls before', async () => {
  const clock = createVirtualClock(START)
  let tries = 0
  const bed = await feed({ clock, fails: () => (tries += 1) < 3 })
  await clock.advance('1h')
  await send(bed, { DelaySeconds: 600 })
  await clock.advance('2h')
  expect(bed.calls.map(({ at }) => at / 1000)).toEqual([4_200, 4_230, 4_260])
  // One for each call, and the long poll after it.
  expect(bed.polls.length).toBeLessThanOrEqual(2 + 2 * bed.calls.length)
})

test('a wall clock set forward makes hidden messages visible, on a clock with and without onJump', async () => {
  const jumping = createVirtualClock(START)
  const bed = await feed({ clock: jumping })
  await jumping.advance('1m')
  await send(bed, { DelaySeconds: 600 })
  await jumping.advance('1m')
  jumping.jump('10m')
  await jumping.settle()
  expect(bed.calls).toEqual([{ at: 720_000, records: 1 }])

  const silent = createManualClock(START)
  let ahead = 0
  const other = await feed({ clock: { ...silent, now: () => silent.now() + ahead } })
  await silent.advance(60_000)
  await send(other, { DelaySeconds: 600 })
  await silent.advance(60_000)
  ahead = 600_000
  await silent.advance(20_000)
  expect(other.calls).toHaveLength(1)
})

test.each<[string, (bed: Fed) => Promise<unknown>]>([
  [
    'a role',
    ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: 'another', AssumeRolePolicyDocument: TRUST_LAMBDA })),
  ],
  [
    'an attribute of the queue',
    ({ sqs }) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '60' } })),
  ],
  ['the interceptor', async (bed) => bed.refuse(false)],
])('a change of %s makes an idle poller poll again', async (_what, change) => {
  const clock = createVirtualClock(START)
  const bed = await feed({ clock })
  await clock.advance('1h')
  await change(bed)
  await clock.settle()
  expect(bed.polls.slice(1).map((at) => at / 1000)).toContain(3_600)
})

test('a change during a poll affects the next one', async () => {
  const clock = createVirtualClock(START)
  const bed = await feed({ clock })
  await clock.advance('5s')
  bed.refuse(true)
  await clock.advance('15s')
  expect(bed.polls.at(-1)).toBe(20_000)
  expect(bed.events.at(-1)).toMatchObject({ kind: 'receive-failed', reason: 'not now' })
  bed.refuse(false)
  await send(bed)
  await clock.advance('1s')
  expect(bed.calls).toHaveLength(1)
})

test('a deleted queue is noticed at once, and a new queue of its name is polled', async () => {
  const clock = createVirtualClock(START)
  const bed = await feed({ clock })
  await clock.advance('1h')
  await bed.sqs.send(new DeleteQueueCommand({ QueueUrl }))
  await clock.settle()
  expect(bed.events.at(-1)).toMatchObject({ kind: 'receive-failed', reason: /does not exist/u })
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }))
  await send(bed)
  await clock.advance('10s')
  expect(bed.calls).toHaveLength(1)
})

test('an idle poller can be stopped', async () => {
  const clock = createVirtualClock(START)
  const bed = await feed({ clock })
  await clock.advance('1h')
  await bed.stopFunctions()
  await send(bed)
  await clock.advance('1h')
  expect(bed.calls).toEqual([])
})
