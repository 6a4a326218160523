import type { PolicyDocument } from '@ticketing/stack'
import { LANES, type Lane } from 'ticket-core'
import { startTestbed } from '@ticketing/testbed'
import { describe, expect, test } from 'vitest'
import { sampleOf } from '../support/sample.ts'
import { takeEachAway } from './take-away.ts'
import { rolePolicyOf, work } from './work.ts'

/** There is no CloudWatch Logs here, so that a function misses nothing without these; Lambda itself writes with them. */
const EXEMPT = 'OwnLogs'

async function workWith(lane: Lane, policy: PolicyDocument): Promise<void> {
  await using bed = await startTestbed({ clock: 'virtual' })
  await work(bed, lane, policy)
}

describe.each([...LANES])('the function of lane %s', async (lane) => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const whole = await rolePolicyOf(bed, lane)
  const rest = takeEachAway(whole, { byPair: true }).filter(({ without }) => !without.startsWith(EXEMPT))

  test('needs no more than its role', async () => {
    expect(whole.Statement.map(({ Sid }) => Sid)).toContain(EXEMPT)
    await expect(workWith(lane, whole)).resolves.toBeUndefined()
  })

  test.each(sampleOf(rest, 2))('cannot do without $without', async ({ policy }) => {
    await expect(workWith(lane, policy)).rejects.toThrow(/expected that|does not have permissions/)
  })
})
