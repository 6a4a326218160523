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
import { destroyStack } from './destroy-stack.ts'

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

/** Parts of all calls, so that none of the tests takes long: those whose number leaves this rest. */
const PARTS = [0, 1, 2, 3]
const parts = INTERRUPTIONS.flatMap((how) => PARTS.map((part) => ({ how, part })))

it.each(parts)(
  'an apply that is interrupted at any call is completed by the next: $how, part $part',
  async ({ how, part }) => {
    const { from, to } = await findChanges(startAccount(), apply)
    expect(to - from).toBeGreaterThan(25)
    for (let at = from; at <= to; at += 1) {
      if (at % PARTS.length !== part) continue
      const account = startAccount()
      account.intercept(interruptAt(at, how))
      await apply(account, desired)
      account.intercept(undefined)
      await expectComplete(account, desired, `call ${at}`)
      await account.close()
    }
  },
)

it.each(parts)(
  'a change that is interrupted at any call is completed by the next: $how, part $part',
  async ({ how, part }) => {
    const image = await imageOfStack()
    const { from, to } = await findChanges(startAccount(image), (account) => apply(account, changed))
    expect(to - from).toBeGreaterThan(20)
    for (let at = from; at <= to; at += 1) {
      if (at % PARTS.length !== part) continue
      const account = startAccount(image)
      account.intercept(interruptAt(at, how))
      await apply(account, changed)
      account.intercept(undefined)
      await expectComplete(account, changed, `call ${at}`)
      await account.close()
    }
  },
)

it.each(PARTS)('a removal that is interrupted at any call is completed by the next, part %i', async (part) => {
  const image = await imageOfStack()
  const { from, to } = await findChanges(startAccount(image), destroy)
  expect(to - from).toBeGreaterThan(40)
  for (let at = from; at <= to; at += 1) {
    if (at % PARTS.length !== part) continue
    const account = startAccount(image)
    account.intercept(interruptAt(at, 'the process is killed after the call'))
    await destroy(account)
    account.intercept(undefined)
    expect(await destroy(account), `call ${at}`).toMatchObject({ ok: true, value: { left: [] } })
    const planned = await clock.runUntilSettled(planStack(desired, account.clients, { clock }))
    expect(planned, `call ${at}`).toMatchObject({ ok: true, value: { kept: [] } })
    await account.close()
  }
})

/** An account with the stack. */
async function imageOfStack(): Promise<Uint8Array> {
  const account = startAccount()
  await apply(account, desired)
  const image = account.image()
  await account.close()
  return image
}

function destroy(account: TestAccount): ReturnType<typeof destroyStack> {
  const stack = { prefix: 'acme', region: 'us-east-1' }
  return clock.runUntilSettled(destroyStack(stack, account.clients, { clock }))
}

/** The numbers of a run's calls from the last before the first change on: what is before it only observes. */
async function findChanges(
  account: TestAccount,
  run: (account: TestAccount) => Promise<unknown>,
): Promise<{ from: number; to: number }> {
  const before = account.calls.length
  await run(account)
  const calls = account.calls.slice(before)
  await account.close()
  return { from: calls.findIndex((call) => !onlyReads(call) && call !== 'sqs:ReceiveMessage'), to: calls.length }
}

function apply(account: TestAccount, stack: typeof desired = desired): ReturnType<typeof applyStack> {
  return clock.runUntilSettled(applyStack(stack, account.clients, { clock }))
}

async function expectComplete(account: TestAccount, stack: typeof desired, when: string): Promise<void> {
  expect(await apply(account, stack), when).toMatchObject({ ok: true })
  const planned = await clock.runUntilSettled(planStack(stack, account.clients, { clock }))
  expect(planned, when).toMatchObject({ ok: true, value: { changes: [] } })
}
