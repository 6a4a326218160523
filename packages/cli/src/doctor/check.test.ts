import { createVirtualClock } from '@ticketing/local-aws'
import { expect, test } from 'vitest'
import { type Check, CHECK_TIMEOUT, ok, runChecks, Unavailable } from './check.ts'

const about = { looksAt: '', why: '' }
const never = new Promise<never>(() => {})

test('a check that hangs, fails or lacks something is a finding, and hides no other', async () => {
  const clock = createVirtualClock(0)
  const checks: readonly Check<undefined>[] = [
    { ...about, name: 'hangs', run: () => never },
    { ...about, name: 'fails', run: () => Promise.reject(new TypeError('https://hooks.slack.com/secret')) },
    { ...about, name: 'lacks', run: () => Promise.reject(new Unavailable('needs the secret')) },
    { ...about, name: 'works', run: async () => [ok('works', 'well'), ok('works twice', 'well')] },
  ]
  const running = runChecks(checks, undefined, clock)
  await clock.advance(CHECK_TIMEOUT)
  const findings = await running
  expect(findings).toEqual([
    expect.objectContaining({ name: 'hangs', status: 'wrong', text: 'no answer in 20 s' }),
    expect.objectContaining({ name: 'fails', status: 'wrong', text: 'the check failed (TypeError)' }),
    { name: 'lacks', status: 'not-checked', text: 'needs the secret' },
    { name: 'works', status: 'ok', text: 'well' },
    { name: 'works twice', status: 'ok', text: 'well' },
  ])
  expect(JSON.stringify(findings)).not.toContain('hooks.slack.com')
})
