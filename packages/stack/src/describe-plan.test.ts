import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { LANES } from 'ticket-core'
import { expect, it } from 'vitest'
import { type TestAccount, codeOf, description, clock, onlyReads, startAccount } from '../test/start-account.ts'
import { applyStack } from './apply-stack.ts'
import { findDeviations, planStack, type PlannedChange, type StackPlan } from './describe-plan.ts'
import { describeStack, type StackDescription } from './desired/describe-stack.ts'
import type { StackProblem } from './resource.ts'

/** Queue, role, function and mapping of each lane; bucket and boundary. */
const COUNT = 4 * LANES.length + 2

it('of an empty account makes everything, and only reads', async () => {
  const account = startAccount()
  const { changes, kept } = await plan(account)
  expect(changes).toHaveLength(COUNT)
  expect(kept).toEqual([])
  expect(new Set(changes.map(({ action, reason }) => `${action}: ${reason}`))).toEqual(new Set(['create: missing']))
  expect(account.calls.filter((call) => !onlyReads(call))).toEqual([])
})

it('is empty after it was applied', async () => {
  const account = startAccount()
  await apply(account)
  const { changes, kept } = await plan(account)
  expect(changes).toEqual([])
  expect(kept).toHaveLength(COUNT)
})

const FUNCTIONS = ['LP', 'MP', 'HP', 'N', 'EV', 'DLQ'].map((stem) => `function acme-${stem}`)
const QUEUES = ['DLQ', 'LP', 'MP', 'HP', 'NQ', 'EVQ'].map((stem) => `queue acme-${stem}`)

it.each<[string, Partial<StackDescription>, readonly string[], readonly string[]]>([
  ['a setting', { settings: { TICKETING_LOG_LEVEL: 'debug' } }, FUNCTIONS, ['environment TICKETING_LOG_LEVEL']],
  [
    'the code of one function',
    { functions: { ...description().functions, medium: codeOf('second') } },
    ['function acme-MP'],
    ['code'],
  ],
  [
    'the secret itself',
    { secretId: 'other-app', secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:other-app-AbCdEf' },
    // The queues and the bucket are marked with the system that they belong to; four roles name the secret.
    [
      ...QUEUES,
      'bucket acme-bucket',
      'policy acme-Boundary',
      ...['MP', 'HP', 'N', 'DLQ'].map((stem) => `role acme-${stem}-Role`),
      ...FUNCTIONS,
    ],
    ['tag system', 'document', 'policy', 'environment TICKETING_SECRET_ID'],
  ],
  [
    'the secret, made again under its name',
    { secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:ticketing-app-FeDcBa' },
    ['MP', 'HP', 'N', 'DLQ'].map((stem) => `role acme-${stem}-Role`),
    ['policy'],
  ],
])('names just what has to change with %s', async (_what, changed, resources, fields) => {
  const account = startAccount()
  await apply(account)
  const { changes } = await plan(account, changed)
  expect(changes.map(nameOf)).toEqual(resources)
  const shown = changes.flatMap(({ differences }) => differences.map(({ field }) => field))
  expect([...new Set(shown)].filter((field) => field !== 'tag made-from')).toEqual(fields)
})

it('says of each change why', async () => {
  const account = startAccount()
  const { sqs, lambda } = account.clients
  const older = await sqs.send(new CreateQueueCommand({ QueueName: 'acme-LP' }))
  expect(await reasons(account)).toMatchObject({ 'queue acme-LP': 'not-ours', 'queue acme-MP': 'missing' })
  await apply(account)
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: older.QueueUrl, Attributes: { VisibilityTimeout: '30' } }))
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'acme-HP', Timeout: 3 }))
  expect(await reasons(account)).toEqual({
    'queue acme-LP': 'changed-by-hand',
    'function acme-HP': 'changed-by-hand',
  })
  const functions = { ...description().functions, medium: codeOf('second') }
  expect(await reasons(account, { functions })).toMatchObject({ 'function acme-MP': 'described-otherwise' })
})

it('that was agreed to is applied only while it is what would happen', async () => {
  const account = startAccount()
  await apply(account)
  const next = {
    settings: { TICKETING_LOG_LEVEL: 'debug' },
    functions: { ...description().functions, low: codeOf('second') },
  }
  const agreed = await plan(account, next)
  // Meanwhile a person changed one function, and another release built another zip of a second one.
  await account.clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'acme-HP', Timeout: 3 }))
  const third = { ...next, functions: { ...next.functions, low: codeOf('third') } }
  const before = account.calls.length
  const refused = await tryApply(account, third, agreed)
  expect(refused.map(({ code, resource }) => `${code}: ${resource.name}`)).toEqual([
    'plan-outdated: acme-LP',
    'plan-outdated: acme-HP',
  ])
  expect(refused.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(
      /^the plan has a change of code to \S+, environment TICKETING_LOG_LEVEL to debug, and now it needs a change of code to /,
    ),
    expect.stringContaining('and now it needs a change of timeout to 30, environment TICKETING_LOG_LEVEL to debug'),
  ])
  expect(account.calls.slice(before).filter((call) => !onlyReads(call))).toEqual([])
  await account.clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'acme-HP', Timeout: 30 }))
  expect(await tryApply(account, next, agreed)).toEqual([])
  expect((await plan(account, next)).changes).toEqual([])
})

it('that was agreed to tells two creations apart', async () => {
  const account = startAccount()
  const agreed = await plan(account)
  const refused = await tryApply(account, { settings: { TICKETING_LOG_LEVEL: 'debug' } }, agreed)
  expect(refused.map(({ resource }) => `${resource.kind} ${resource.name}`)).toEqual(FUNCTIONS)
})

it('that was agreed to is not for another prefix, region or account', async () => {
  const account = startAccount()
  const agreed = await plan(account)
  expect(await tryApply(account, { prefix: 'other' }, agreed)).toMatchObject([
    { code: 'plan-outdated', problem: expect.stringContaining('prefix acme, and this is') },
  ])
})

async function plan(account: TestAccount, changes: Partial<StackDescription> = {}): Promise<StackPlan> {
  const desired = describeStack(description(changes))
  const planned = await clock.runUntilSettled(planStack(desired, account.clients, { clock }))
  if (!planned.ok) throw new Error(JSON.stringify(planned.failure))
  return planned.value
}

async function apply(account: TestAccount): Promise<void> {
  expect(await tryApply(account)).toEqual([])
}

async function tryApply(
  account: TestAccount,
  changes: Partial<StackDescription> = {},
  agreed?: StackPlan,
): Promise<readonly StackProblem[]> {
  const approve = (now: StackPlan): readonly StackProblem[] => (agreed ? findDeviations(agreed, now) : [])
  const desired = describeStack(description(changes))
  const applied = await clock.runUntilSettled(applyStack(desired, account.clients, { clock, approve }))
  return applied.ok ? [] : applied.failure.problems
}

async function reasons(account: TestAccount, changes: Partial<StackDescription> = {}): Promise<Record<string, string>> {
  const planned = await plan(account, changes)
  return Object.fromEntries(planned.changes.map((change) => [nameOf(change), change.reason]))
}

function nameOf({ resource }: PlannedChange): string {
  return `${resource.kind} ${resource.name}`
}
