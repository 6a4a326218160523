import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBed } from '../support/bed.ts'

const FORM = { title: 'Forged', priority: 'high', description: 'Not from Teams' }

describe('what does not come from Teams, fresh and whole, is refused', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  const queued = (): number => bed.journal.count({ source: 'sqs', kind: 'message-sent' })

  it.each([
    'body-after-signing',
    'wrong-key',
    'no-header',
    'other-scheme',
    'not-base64',
    'truncated-signature',
  ] as const)('%s: 401 without a word, nothing queued, the operator gets a hint', async (tamper) => {
    const before = queued()
    const refusals = bed.journal.count({ source: 'server', kind: 'request.refused' })
    const reply = await bed.teams.send(FORM, { tamper })
    expect(reply).toMatchObject({ kind: 'failed', reason: 'status', status: 401 })
    expect(reply.body ?? '').not.toMatch(/signature|hmac|key|token/i)
    expect(queued()).toBe(before)
    await bed.journal.until({ source: 'server', kind: 'request.refused' }, { count: refusals + 1 })
  })

  it.each([
    ['six minutes old', 6 * 60_000],
    ['six minutes ahead', -6 * 60_000],
  ])('an activity that is %s: 401, nothing queued', async (_, ageMs) => {
    const before = queued()
    expect(await bed.teams.send(FORM, { ageMs })).toMatchObject({ kind: 'failed', status: 401 })
    expect(queued()).toBe(before)
  })

  it('an activity that is four minutes old is taken', async () => {
    expect(await bed.teams.send({ ...FORM, priority: 'low' }, { ageMs: 4 * 60_000 })).toMatchObject({
      kind: 'replied',
      status: 200,
    })
  })

  it('twenty kilobytes that hang a backtracking parser are answered at once', async () => {
    const reply = await bed.teams.sendText(`Title:${' '.repeat(10_000)}Priority:${'\n '.repeat(5_000)}`)
    expect(reply).toMatchObject({ kind: 'replied', status: 200 })
    expect(reply.ms).toBeLessThan(1_000)
  })
})
