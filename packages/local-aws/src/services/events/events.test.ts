import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge'
import { AddPermissionCommand, CreateFunctionCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda'
import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { createInlineExecutor } from '../../executors/inline.ts'
import { createVirtualClock, type VirtualClock } from '../../virtual-clock.ts'
import { failureOf } from '../../testing/start-account.ts'
import { ROLE, startLambda, zipOf, type TestLambda } from '../../testing/start-lambda.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:worker'
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/sweep'
const START = Date.UTC(2026, 10, 28, 12)

interface Bed extends TestLambda {
  readonly clock: VirtualClock
  /** Events that the function got. */
  readonly got: unknown[]
}

async function startBed({ path }: { readonly path?: string } = {}): Promise<Bed> {
  const clock = createVirtualClock(START)
  const got: unknown[] = []
  const worker = () => async (event: unknown) => void got.push(event)
  const bed = await startLambda({
    clock,
    ...(path !== undefined && { path }),
    makeExecutor: (access) => createInlineExecutor({ clock, functions: { worker }, ...access }),
  })
  return { ...bed, clock, got }
}

async function createWorker({ lambda }: Bed): Promise<void> {
  const code = { ZipFile: zipOf('export const handler = async () => {}') }
  const named = { FunctionName: 'worker', Runtime: 'nodejs24.x', Role: ROLE, Handler: 'index.handler' } as const
  await lambda.send(new CreateFunctionCommand({ ...named, Code: code }))
}

async function allow({ lambda }: Bed, SourceArn = RULE): Promise<void> {
  const Principal = 'events.amazonaws.com'
  const Action = 'lambda:InvokeFunction'
  await lambda.send(
    new AddPermissionCommand({ FunctionName: 'worker', StatementId: 'sweep', Action, Principal, SourceArn }),
  )
}

async function schedule({ eventBridge }: Bed, ScheduleExpression = 'rate(1 minute)'): Promise<void> {
  await eventBridge.send(new PutRuleCommand({ Name: 'sweep', ScheduleExpression }))
  await eventBridge.send(new PutTargetsCommand({ Rule: 'sweep', Targets: [{ Id: 'intake', Arn: FUNCTION }] }))
}

test('a rule invokes its function once a minute, as AWS says it', async () => {
  const bed = await startBed()
  await createWorker(bed)
  await allow(bed)
  await schedule(bed)
  await bed.clock.advance('59s')
  expect(bed.got).toEqual([])
  await bed.clock.advance('1s')
  expect(bed.got).toEqual([
    {
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2026-11-28T12:01:00Z',
      region: 'us-east-1',
      resources: [RULE],
      detail: {},
    },
  ])
  await bed.clock.advance('5m')
  expect(bed.got).toHaveLength(6)
})

test.each([
  ['of nobody', undefined],
  ['of another rule', 'arn:aws:events:us-east-1:000000000000:rule/other'],
])('without permission %s the function is not invoked, and the cloud says so', async (_, source) => {
  const bed = await startBed()
  await createWorker(bed)
  if (source !== undefined) await allow(bed, source)
  await schedule(bed)
  await bed.clock.advance('1m')
  expect(bed.got).toEqual([])
  const reason = 'events.amazonaws.com may not invoke it'
  expect(bed.events).toContainEqual(expect.objectContaining({ kind: 'target-failed', target: FUNCTION, reason }))
})

test('a function without free concurrency gets the event later', async () => {
  const bed = await startBed()
  await createWorker(bed)
  await allow(bed)
  await bed.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'worker', ReservedConcurrentExecutions: 0 }))
  await schedule(bed, 'rate(1 hour)')
  await bed.clock.advance('1h')
  expect(bed.got).toEqual([])
  await bed.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'worker', ReservedConcurrentExecutions: 5 }))
  await bed.clock.advance('2m')
  expect(bed.got).toHaveLength(1)
})

test('a disabled rule is silent; a changed one starts its period again; a deleted one ends', async () => {
  const bed = await startBed()
  const { eventBridge, clock, got } = bed
  await createWorker(bed)
  await allow(bed)
  await schedule(bed)
  await eventBridge.send(new DisableRuleCommand({ Name: 'sweep' }))
  await clock.advance('10m')
  expect(got).toEqual([])
  await clock.advance('30s')
  await eventBridge.send(new EnableRuleCommand({ Name: 'sweep' }))
  await clock.advance('59s')
  expect(got).toEqual([])
  await clock.advance('1s')
  expect(got).toHaveLength(1)
  const failed = await failureOf(eventBridge.send(new DeleteRuleCommand({ Name: 'sweep' })))
  expect(failed).toMatchObject({ name: 'ValidationException', message: "Rule can't be deleted since it has targets." })
  await eventBridge.send(new RemoveTargetsCommand({ Rule: 'sweep', Ids: ['intake'] }))
  await eventBridge.send(new DeleteRuleCommand({ Name: 'sweep' }))
  await clock.advance('5m')
  expect(got).toHaveLength(1)
  await eventBridge.send(new DeleteRuleCommand({ Name: 'sweep' }))
})

test('a restarted cloud goes on with its schedules, and makes up for nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-events-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'store')
  const first = await startBed({ path })
  await createWorker(first)
  await allow(first)
  await schedule(first)
  await first.clock.advance('90s')
  await first.stop()
  expect(first.got).toHaveLength(1)
  const second = await startBed({ path })
  await second.clock.advance('59s')
  expect(second.got).toEqual([])
  await second.clock.advance('1s')
  expect(second.got).toHaveLength(1)
})

test('rules, targets and tags are given back as AWS gives them', async () => {
  const { eventBridge } = await startBed()
  const Tags = [{ Key: 'app', Value: 'a' }]
  const rule = { Name: 'sweep', ScheduleExpression: 'rate(2 minutes)', Description: 'd', Tags }
  expect(await eventBridge.send(new PutRuleCommand(rule))).toMatchObject({ RuleArn: RULE })
  const Targets = [{ Id: 'intake', Arn: FUNCTION, Input: '{"a":1}' }]
  expect(await eventBridge.send(new PutTargetsCommand({ Rule: 'sweep', Targets }))).toMatchObject({
    FailedEntryCount: 0,
  })
  expect(await eventBridge.send(new DescribeRuleCommand({ Name: 'sweep' }))).toMatchObject({
    Arn: RULE,
    Description: 'd',
    ScheduleExpression: 'rate(2 minutes)',
    State: 'ENABLED',
    EventBusName: 'default',
    CreatedBy: '000000000000',
  })
  expect(await eventBridge.send(new ListTargetsByRuleCommand({ Rule: 'sweep' }))).toMatchObject({ Targets })
  expect(await eventBridge.send(new ListRulesCommand({ NamePrefix: 's' }))).toMatchObject({ Rules: [{ Arn: RULE }] })
  expect(await eventBridge.send(new ListRuleNamesByTargetCommand({ TargetArn: FUNCTION }))).toMatchObject({
    RuleNames: ['sweep'],
  })
  // Tags in a change of a rule are not applied.
  await eventBridge.send(new PutRuleCommand({ ...rule, Tags: [{ Key: 'app', Value: 'b' }] }))
  await eventBridge.send(new TagResourceCommand({ ResourceARN: RULE, Tags: [{ Key: 'more', Value: 'm' }] }))
  expect(await eventBridge.send(new ListTagsForResourceCommand({ ResourceARN: RULE }))).toMatchObject({
    Tags: [...Tags, { Key: 'more', Value: 'm' }],
  })
  await eventBridge.send(new UntagResourceCommand({ ResourceARN: RULE, TagKeys: ['app'] }))
  expect(await eventBridge.send(new ListTagsForResourceCommand({ ResourceARN: RULE }))).toMatchObject({
    Tags: [{ Key: 'more', Value: 'm' }],
  })
})

test.each(['rate(1 minutes)', 'rate(2 minute)', 'rate(0 minutes)', 'rate(1 second)', 'every minute'])(
  'AWS refuses the schedule %s',
  async (ScheduleExpression) => {
    const { eventBridge } = await startBed()
    const failed = await failureOf(eventBridge.send(new PutRuleCommand({ Name: 'sweep', ScheduleExpression })))
    expect(failed).toMatchObject({
      name: 'ValidationException',
      message: 'Parameter ScheduleExpression is not valid.',
      status: 400,
    })
  },
)

test('what AWS has and this cloud has not is refused, and never ignored', async () => {
  const { eventBridge } = await startBed()
  const put = (more: object) => failureOf(eventBridge.send(new PutRuleCommand({ Name: 'sweep', ...more })))
  expect(await put({ ScheduleExpression: 'cron(0 12 * * ? *)' })).toMatchObject({
    message: expect.stringMatching(/cron.*not offered/),
  })
  expect(await put({ EventPattern: '{"source":["a"]}' })).toMatchObject({
    message: expect.stringMatching(/EventPattern is not offered/),
  })
  expect(await put({})).toMatchObject({
    message: 'Parameter(s) EventPattern or ScheduleExpression must be specified.',
  })
  await eventBridge.send(new PutRuleCommand({ Name: 'sweep', ScheduleExpression: 'rate(1 day)' }))
  const target = (more: object) =>
    failureOf(
      eventBridge.send(new PutTargetsCommand({ Rule: 'sweep', Targets: [{ Id: 'a', Arn: FUNCTION, ...more }] })),
    )
  expect(await target({ Arn: 'arn:aws:sqs:us-east-1:000000000000:q' })).toMatchObject({
    message: expect.stringMatching(/not offered/),
  })
  expect(await target({ InputPath: '$.detail' })).toMatchObject({
    message: expect.stringMatching(/InputPath of a target is not offered/),
  })
})

test('what does not exist is said in words of AWS', async () => {
  const { eventBridge } = await startBed()
  const missing = { name: 'ResourceNotFoundException', message: 'Rule sweep does not exist on EventBus default.' }
  for (const call of [
    eventBridge.send(new DescribeRuleCommand({ Name: 'sweep' })),
    eventBridge.send(new ListTargetsByRuleCommand({ Rule: 'sweep' })),
    eventBridge.send(new PutTargetsCommand({ Rule: 'sweep', Targets: [{ Id: 'a', Arn: FUNCTION }] })),
    eventBridge.send(new ListTagsForResourceCommand({ ResourceARN: RULE })),
  ]) {
    expect(await failureOf(call)).toMatchObject({ ...missing, status: 400 })
  }
})
