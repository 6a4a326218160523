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
} from '../test/start-account.ts'
import { applyStack } from './apply-stack.ts'
import { planStack } from './describe-plan.ts'
import { describeStack } from './desired/describe-stack.ts'

const desired = describeStack(description())
const second = codeOf('second')
/** Changes every function and, by another ARN of the secret, roles. */
const changed = describeStack(
  description({
    functions: { low: second, medium: second, high: second, news: second, events: second, dead: second },
    settings: { TICKETING_LOG_LEVEL: 'debug' },
    secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:ticketing-app-FeDcBa',
  }),
)

it.each(INTERRUPTIONS)('an apply that is interrupted at any call is completed by the next one: %s', async (how) => {
  const { from, to } = await findChanges(startAccount(), desired)
  expect(to - from).toBeGreaterThan(25)
  for (let at = from; at <= to; at += 1) {
    const account = startAccount()
    account.intercept(interruptAt(at, how))
    await apply(account, desired)
    account.intercept(undefined)
    await expectComplete(account, desired, `call ${at}`)
    await account.close()
  }
})

it.each(INTERRUPTIONS)('a change that is interrupted at any call is completed by the next apply: %s', async (how) => {
  const account = startAccount()
  await apply(account, desired)
  const { from, to } = await findChanges(account, changed)
  expect(to - from).toBeGreaterThan(20)
  for (let at = from; at <= to; at += 1) {
    await apply(account, desired)
    account.intercept(interruptAt(at, how))
    await apply(account, changed)
    account.intercept(undefined)
    await expectComplete(account, changed, `call ${at}`)
  }
})

/** The numbers of a run's calls from the last before the first change on: what is before it only observes. */
async function findChanges(account: TestAccount, stack: typeof desired): Promise<{ from: number; to: number }> {
  const before = account.calls.length
  await apply(account, stack)
  const calls = account.calls.slice(before)
  return { from: calls.findIndex((call) => !onlyReads(call)), to: calls.length }
}

function apply(account: TestAccount, stack: typeof desired): ReturnType<typeof applyStack> {
  return clock.runUntilSettled(applyStack(stack, account.clients, { clock }))
}

async function expectComplete(account: TestAccount, stack: typeof desired, when: string): Promise<void> {
  expect(await apply(account, stack), when).toMatchObject({ ok: true })
  const planned = await clock.runUntilSettled(planStack(stack, account.clients, { clock }))
  expect(planned, when).toMatchObject({ ok: true, value: { changes: [] } })
}
