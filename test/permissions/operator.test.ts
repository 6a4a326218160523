import { operatorPolicy } from '@ticketing/stack'
import type { PolicyDocument } from '@ticketing/stack'
import { describe, expect, test } from 'vitest'
import { openAccount, SCOPE } from './account.ts'
import { operate } from './operate.ts'
import { takeEachAway } from './take-away.ts'

const whole = operatorPolicy(SCOPE)

async function operateWith(policy: PolicyDocument): Promise<void> {
  await using account = await openAccount()
  await operate(account, policy)
}

test('an operator needs no more than the operator policy', async () => {
  await expect(operateWith(whole)).resolves.toBeUndefined()
})

// Each action and each resource; each action on each resource (`byPair`) holds as well, and takes half as long again.
// Much of the time goes with waiting: several accounts at once.
describe.concurrent('an operator cannot do without', () => {
  test.each(takeEachAway(whole))('$without', async ({ policy }) => {
    await expect(operateWith(policy)).rejects.toThrow(/not authorized|expected that|may not/)
  })
})
