import {
  DescribeRuleCommand,
  DisableRuleCommand,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  AddPermissionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  RemovePermissionCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import {
  type TestAccount,
  clock,
  codeOf,
  description,
  interruptAt,
  INTERRUPTIONS,
  onlyReads,
  startAccount,
} from '../../test/start-account.ts'
import { type AppliedStack, applyStack } from '../apply-stack.ts'
import { type StackPlan, planStack } from '../describe-plan.ts'
import { describeStack } from '../desired/describe-stack.ts'
import type { DesiredStack } from '../desired/desired-stack.ts'
import { destroyStack } from '../destroy-stack.ts'

const intake = { code: codeOf('intake') }
const withFunction = describeStack(description({ intake }))
const withServer = describeStack(description({ intake: 'none' }))
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:acme-IN'
const named = { FunctionName: 'acme-IN' }

it('makes the function with an address for everyone, and the minute of its sweep', async () => {
  const account = startAccount()
  const { functionUrls } = await apply(account, withFunction)
  const { lambda, eventBridge } = account.clients
  const { FunctionUrl, AuthType } = await lambda.send(new GetFunctionUrlConfigCommand(named))
  expect({ FunctionUrl, AuthType }).toEqual({ FunctionUrl: functionUrls['acme-IN'], AuthType: 'NONE' })
  const { Policy = '' } = await lambda.send(new GetPolicyCommand(named))
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/acme-IN-Sweep'
  expect(JSON.parse(Policy).Statement).toEqual([
    {
      Sid: 'CallUrl',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource: FUNCTION,
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    },
    {
      Sid: 'InvokeByUrl',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource: FUNCTION,
      Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    },
    {
      Sid: 'Sweep',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: FUNCTION,
      Condition: { ArnLike: { 'AWS:SourceArn': rule } },
    },
  ])
  const found = await lambda.send(new GetFunctionCommand(named))
  expect(found.Concurrency).toEqual({ ReservedConcurrentExecutions: 100 })
  expect(found.Configuration?.Environment?.Variables).toEqual({
    TICKETING_LOG_LEVEL: 'info',
    TICKETING_SECRET_ID: 'ticketing-app',
    TICKETING_PREFIX: 'acme',
    TICKETING_BUCKET: 'acme-bucket',
  })
  const Name = 'acme-IN-Sweep'
  expect(await eventBridge.send(new DescribeRuleCommand({ Name }))).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
  })
  expect(await eventBridge.send(new ListTargetsByRuleCommand({ Rule: Name }))).toMatchObject({
    Targets: [{ Id: 'intake', Arn: FUNCTION }],
  })
  expect(await plan(account, withFunction)).toMatchObject({ changes: [] })
})

it('gives its role what the policy of the server gives, and its own log', () => {
  const role = withFunction.roles.find(({ name }) => name === 'acme-IN-Role')
  expect(role?.policy.Statement.map(({ Sid }) => Sid)).toEqual([
    'Queues',
    'Objects',
    'TokenTeams',
    'NewTokenTeams',
    'Sweep',
    'StaleMarkers',
    'MissingObjects',
    'Secret',
    'OwnLogs',
  ])
})

it.each<[string, (account: TestAccount) => Promise<unknown>, string]>([
  [
    'who may call the address',
    ({ clients: { lambda } }) => lambda.send(new UpdateFunctionUrlConfigCommand({ ...named, AuthType: 'AWS_IAM' })),
    'url authentication',
  ],
  [
    'a permission that is gone',
    ({ clients: { lambda } }) => lambda.send(new RemovePermissionCommand({ ...named, StatementId: 'InvokeByUrl' })),
    'url permission to invoke the function by its URL',
  ],
  [
    'a second permission for everyone, not by the URL only',
    ({ clients: { lambda } }) =>
      lambda.send(
        new AddPermissionCommand({ ...named, StatementId: 'Open', Action: 'lambda:InvokeFunction', Principal: '*' }),
      ),
    'url a statement that lets everyone in: Open',
  ],
  [
    'a permission for another caller',
    async ({ clients: { lambda } }) => {
      await lambda.send(new RemovePermissionCommand({ ...named, StatementId: 'Sweep' }))
      const Principal = 'events.amazonaws.com'
      const Action = 'lambda:InvokeFunction'
      await lambda.send(new AddPermissionCommand({ ...named, StatementId: 'Sweep', Action, Principal }))
    },
    'schedule permission to invoke the function on schedule',
  ],
  [
    'the reserved concurrency',
    ({ clients: { lambda } }) => lambda.send(new DeleteFunctionConcurrencyCommand(named)),
    'function reserved concurrency',
  ],
  [
    'a disabled schedule',
    ({ clients: { eventBridge } }) => eventBridge.send(new DisableRuleCommand({ Name: 'acme-IN-Sweep' })),
    'schedule enabled',
  ],
  [
    'another target',
    ({ clients: { eventBridge } }) =>
      eventBridge.send(
        new PutTargetsCommand({ Rule: 'acme-IN-Sweep', Targets: [{ Id: 'other', Arn: `${FUNCTION}-other` }] }),
      ),
    'schedule target',
  ],
])('sees %s, and puts it right', async (_, change, expected) => {
  const account = startAccount()
  await apply(account, withFunction)
  await change(account)
  const { changes } = await plan(account, withFunction)
  expect(changes.map(({ resource, differences }) => [resource.kind, differences.map(({ field }) => field)])).toEqual([
    [expected.split(' ')[0], [expected.slice(expected.indexOf(' ') + 1)]],
  ])
  expect(changes[0]?.reason).toBe('changed-by-hand')
  await apply(account, withFunction)
  expect(await plan(account, withFunction)).toMatchObject({ changes: [] })
})

it('says what to do where the account has too few executions to reserve some', async () => {
  const account = startAccount()
  const many = describeStack(description({ intake: { ...intake, concurrency: 950 } }))
  const applied = await clock.runUntilSettled(applyStack(many, account.clients, { clock }))
  expect(applied).toMatchObject({ ok: false, failure: { problems: [{ code: 'too-few-executions' }] } })
  const none = describeStack(description({ intake: { ...intake, concurrency: 'none' } }))
  await apply(account, none)
  expect((await account.clients.lambda.send(new GetFunctionCommand(named))).Concurrency).toBeUndefined()
  expect(await plan(account, none)).toMatchObject({ changes: [] })
})

it('with a server instead, everything of the function is removed, and the plan says so first', async () => {
  const account = startAccount()
  await apply(account, withFunction)
  const { changes } = await plan(account, withServer)
  const words = changes.map(({ action, resource, reason }) => `${action} ${resource.kind} ${resource.name}, ${reason}`)
  expect(words).toEqual([
    'remove schedule acme-IN-Sweep, not-wanted',
    'remove url acme-IN, not-wanted',
    'remove function acme-IN, not-wanted',
    'remove role acme-IN-Role, not-wanted',
  ])
  await apply(account, withServer)
  expect(await plan(account, withServer)).toMatchObject({ changes: [] })
  // Without a word on it, it is left as it is.
  expect(await plan(account, describeStack(description()))).toMatchObject({ changes: [] })
})

it.each(['DescribeRule', 'GetFunctionUrlConfig'])(
  'looks once more at what is to be removed when AWS is busy: %s',
  async (operation) => {
    const account = startAccount()
    await apply(account, withFunction)
    account.failNext(operation, 'ThrottlingException', 'Rate exceeded')
    expect((await plan(account, withServer)).changes).toHaveLength(4)
  },
)

it('a server that applies the stack leaves the function alone', async () => {
  const account = startAccount()
  await apply(account, withFunction)
  expect(await plan(account, describeStack(description()))).toMatchObject({ changes: [] })
})

it('down removes all of it', async () => {
  const account = startAccount()
  await apply(account, withFunction)
  const destroyed = await clock.runUntilSettled(
    destroyStack({ prefix: 'acme', region: 'us-east-1' }, account.clients, { clock, data: 'delete' }),
  )
  expect(destroyed).toMatchObject({ ok: true, value: { left: [] } })
  const { changes } = await plan(account, withFunction)
  expect(changes.every(({ action }) => action === 'create')).toBe(true)
})

const DIRECTIONS = { made: [withServer, withFunction], removed: [withFunction, withServer] } as const

it.each(INTERRUPTIONS.flatMap((how) => [['made', how] as const, ['removed', how] as const]))(
  'what is interrupted at any call is completed by the next run: it is %s, %s',
  async (direction, how) => {
    const [from, to] = DIRECTIONS[direction]
    const account = startAccount()
    await apply(account, from)
    const before = account.calls.length
    await apply(account, to)
    const calls = account.calls.slice(before)
    const first = calls.findIndex((call) => !onlyReads(call))
    expect(calls.length - first).toBeGreaterThan(5)
    for (let at = first; at <= calls.length; at += 1) {
      await apply(account, from)
      account.intercept(interruptAt(at, how))
      await clock.runUntilSettled(applyStack(to, account.clients, { clock }))
      account.intercept(undefined)
      await apply(account, to)
      expect(await plan(account, to), `call ${at}`).toMatchObject({ changes: [] })
    }
  },
)

async function apply(account: TestAccount, stack: DesiredStack): Promise<AppliedStack> {
  const applied = await clock.runUntilSettled(applyStack(stack, account.clients, { clock }))
  if (!applied.ok) throw new Error(JSON.stringify(applied.failure.problems))
  return applied.value
}

async function plan(account: TestAccount, stack: DesiredStack): Promise<StackPlan> {
  const planned = await clock.runUntilSettled(planStack(stack, account.clients, { clock }))
  if (!planned.ok) throw new Error(JSON.stringify(planned.failure))
  return planned.value
}
