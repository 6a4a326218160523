import { serverPolicy, type PolicyDocument } from '@ticketing/stack'
import { describe, expect, test } from 'vitest'
import { sampleOf } from '../support/sample.ts'
import { openAccount, SCOPE } from './account.ts'
import { serve } from './serve.ts'
import { takeEachAway } from './take-away.ts'

const whole = serverPolicy(SCOPE)

async function serveWith(policy: PolicyDocument): Promise<void> {
  await using account = await openAccount()
  await serve(account, policy)
}

test('a server needs no more than the server policy', async () => {
  await expect(serveWith(whole)).resolves.toBeUndefined()
})

describe('a server cannot do without', () => {
  test.each(sampleOf(takeEachAway(whole, { byPair: true }), 5))('$without', async ({ policy }) => {
    await expect(serveWith(policy)).rejects.toThrow(/did not start|expected that/)
  })
})
