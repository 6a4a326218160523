import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetFunctionRecursionConfigCommand,
  InvokeCommand,
  PutFunctionRecursionConfigCommand,
} from '@aws-sdk/client-lambda'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import type { FunctionAccess } from '../../create-local-aws.ts'
import { createInlineExecutor } from '../../executors/inline.ts'
import type { InlineContext } from '../../executors/inline-environment.ts'
import { systemClock } from '../../system-clock.ts'
import { failureOf } from '../../testing/start-account.ts'
import { ROLE, startLambda, zipOf, type TestLambda } from '../../testing/start-lambda.ts'

const QueueUrl = 'http://cloud.test:4566/000000000000/work'
const DEAD = 'http://cloud.test:4566/000000000000/dead'

/** A function `worker` that runs `again` at each invocation and counts invocations. */
async function start(again: (bed: TestLambda, context: InlineContext) => Promise<unknown>) {
  let invocations = 0
  const handler = async (_event: unknown, context: InlineContext): Promise<unknown> => {
    invocations += 1
    return again(bed, context)
  }
  const functions = { worker: () => handler }
  const makeExecutor = (access: FunctionAccess) => createInlineExecutor({ clock: systemClock, functions, ...access })
  const bed = await startLambda({ makeExecutor })
  await bed.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Runtime: 'nodejs24.x',
      Role: ROLE,
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('') },
    }),
  )
  return { bed, count: () => invocations }
}

/** Sends a command as the SDK does in a function: with the trace of the invocation. */
function traced<Command extends { middlewareStack: { add(middleware: never, options: never): void } }>(
  command: Command,
  { xRayTraceId }: InlineContext,
): Command {
  const middleware = (next: (args: unknown) => unknown) => (args: { request: { headers: Record<string, string> } }) => {
    args.request.headers['X-Amzn-Trace-Id'] = xRayTraceId ?? ''
    return next(args)
  }
  command.middlewareStack.add(middleware as never, { step: 'build' } as never)
  return command
}

const invokeAgain = async ({ lambda }: TestLambda, context: InlineContext): Promise<unknown> => {
  const answer = await lambda.send(traced(new InvokeCommand({ FunctionName: 'worker' }), context)).catch(String)
  return typeof answer === 'string' ? answer : JSON.parse(Buffer.from(answer.Payload ?? []).toString())
}

test('a function that invokes itself by name is stopped after 16 invocations', async () => {
  const { bed, count } = await start(invokeAgain)
  const { Payload } = await bed.lambda.send(new InvokeCommand({ FunctionName: 'worker' }))
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatch(
    /^RecursiveInvocationException: Lambda has detected/,
  )
  expect(count()).toBe(16)
  // Another chain starts at one.
  await bed.lambda.send(new InvokeCommand({ FunctionName: 'worker' }))
  expect(count()).toBe(32)
})

test('also with asynchronous invocations', async () => {
  const { bed, count } = await start((bed, context) =>
    bed.lambda.send(traced(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event' }), context)),
  )
  await bed.lambda.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event' }))
  await bed.seen(() => bed.events.filter(({ kind }) => kind === 'invocation-ended').length === 16)
  // If the next one had been accepted, it would have run by now.
  await bed.stop()
  expect(count()).toBe(16)
})

test('a function that may recurse is not stopped', async () => {
  const { bed, count } = await start((bed, context) =>
    count() < 40 ? invokeAgain(bed, context) : Promise.resolve('enough'),
  )
  const config = { FunctionName: 'worker' }
  expect((await bed.lambda.send(new GetFunctionRecursionConfigCommand(config))).RecursiveLoop).toBe('Terminate')
  const wrong = bed.lambda.send(new PutFunctionRecursionConfigCommand({ ...config, RecursiveLoop: 'Never' as 'Allow' }))
  expect(await failureOf(wrong)).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("Value 'Never' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Terminate, Allow]"), // prettier-ignore
  })
  await bed.lambda.send(new PutFunctionRecursionConfigCommand({ ...config, RecursiveLoop: 'Allow' }))
  expect((await bed.lambda.send(new GetFunctionRecursionConfigCommand(config))).RecursiveLoop).toBe('Allow')
  await bed.lambda.send(new InvokeCommand(config))
  expect(count()).toBe(40)
})

test('a loop through a queue is stopped, and its message is dead-lettered by the queue’s redrive policy', async () => {
  const { bed, count } = await start((bed, context) =>
    bed.sqs.send(traced(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }), context)),
  )
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'dead' }))
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 })
  await bed.sqs.send(
    new CreateQueueCommand({ QueueName: 'work', Attributes: { RedrivePolicy, VisibilityTimeout: '3' } }),
  )
  const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:work'
  await bed.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn }))
  await bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'first' }))
  await bed.seen((event) => event.kind === 'message-dead-lettered')
  expect(count()).toBe(16)
  const { Messages } = await bed.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: DEAD, MessageSystemAttributeNames: ['AWSTraceHeader'] }),
  )
  expect(Messages?.[0]).toMatchObject({
    Body: 'again',
    Attributes: {
      AWSTraceHeader: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0;Lineage=[0-9a-f]{8}:16$/),
    },
  })
  const { Attributes } = await bed.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  expect(Attributes?.['ApproximateNumberOfMessages']).toBe('0')
})
