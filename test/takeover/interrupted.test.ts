import { ConnectionLost, createLocalAws, createVirtualClock } from '@ticketing/local-aws'
import { applyStack, describeStack, planStack } from '@ticketing/stack'
import { createInProcessClients } from '@ticketing/testbed'
import { expect, it } from 'vitest'
import { SECRET } from '../cli/stack-cloud.ts'
import { deployOlderSystem } from '../support/older-system.ts'
import { emptyZip } from '../permissions/operate.ts'

const PLACE = { prefix: 'acme', region: 'us-east-1', accountId: '000000000000' }
const code = { zip: emptyZip('ours'), handler: 'index.handler' }
const desired = describeStack({
  ...PLACE,
  secretId: 'ticketing-app',
  functions: { low: code, medium: code, high: code, news: code, events: code, dead: code },
})

/** Parts of all calls, so that none of the tests takes long: those whose number leaves this rest. */
const PARTS = [0, 1, 2, 3]

it.each(PARTS)('a takeover that is killed after any call is completed by the next one, part %i', async (part) => {
  const whole = await takeOver(Number.POSITIVE_INFINITY)
  const first = whole.findIndex((call) => !/^(Get|List|Head)/.test(call))
  expect(whole.slice(first, first + 3)).toEqual(Array.from({ length: 3 }, () => 'UpdateEventSourceMapping'))
  expect(whole.length - first).toBeGreaterThan(50)
  for (let at = first; at < whole.length; at += 1) if (at % PARTS.length === part) await takeOver(at)
})

/** Takes an older system over, killed after call number `at`, then again. Resolves with the calls of the first run. */
async function takeOver(at: number): Promise<readonly string[]> {
  const clock = createVirtualClock(Date.UTC(2026, 10, 24, 10), { realPatienceMs: 50 })
  const calls: string[] = []
  let killed = Number.POSITIVE_INFINITY
  const aws = createLocalAws({
    clock,
    intercept: async ({ operation, caller }, _input, run) => {
      if (caller.roleName !== undefined) return run()
      if (calls.length > killed) throw new ConnectionLost()
      calls.push(operation)
      const output = await run()
      if (calls.length > killed) throw new ConnectionLost()
      return output
    },
  })
  const clients = createInProcessClients({
    region: PLACE.region,
    endpoint: 'http://cloud.internal',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: aws.requestHandler,
  })
  await clock.runUntilSettled(deployOlderSystem(clients, { ...PLACE, secret: SECRET, runtime: 'nodejs20.x' }))
  calls.length = 0
  killed = at
  await clock.runUntilSettled(applyStack(desired, clients, { clock }))
  const first = [...calls]
  killed = Number.POSITIVE_INFINITY
  const again = await clock.runUntilSettled(applyStack(desired, clients, { clock }))
  expect(again, `call ${at}`).toMatchObject({ ok: true })
  const planned = await clock.runUntilSettled(planStack(desired, clients, { clock }))
  expect(planned, `call ${at}`).toMatchObject({ ok: true, value: { changes: [] } })
  await clock.runUntilSettled(aws.close())
  return first
}
