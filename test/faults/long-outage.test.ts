import { describe, expect, it } from 'vitest'
import { largest, valueAt } from '../outage/curve.ts'
import { runOutage, type Priority } from '../outage/run-outage.ts'
import { isSampled } from '../support/sample.ts'

/** What a team writes: most of it can wait until a person looks at the board. */
const MIX: readonly Priority[] = [
  'medium',
  'low',
  'medium',
  'high',
  'medium',
  'low',
  'medium',
  'medium',
  'low',
  'medium',
]
const OF_A_TEAM = Array.from({ length: 200 }, (_, n) => MIX[n % MIX.length] ?? 'medium')
const ALARMS = Array.from({ length: 60 }, (): Priority => 'high')

const OUTAGES = [
  { vendor: 'slack', minutes: 20, priorities: ALARMS, held: 'high' },
  { vendor: 'trello', minutes: 360, priorities: OF_A_TEAM, held: 'medium' },
] as const

describe('a vendor is down while tickets come: each arrives once, none dies, and the limit holds when it is back', () => {
  it.each(isSampled() ? OUTAGES.slice(0, 1) : OUTAGES)(
    '$vendor for $minutes minutes, $priorities.length tickets',
    async (outage) => {
      const { vendor, minutes, priorities, held } = outage
      const figures = await runOutage({ vendor, lastsMs: minutes * 60_000, priorities, seed: 1 })
      const accepted = priorities.length
      expect(figures).toMatchObject({ accepted, once: accepted, lost: [], doubled: [], dead: [], refused: 0 })
      // What this vendor takes had to wait until it was back, and nothing else.
      expect(valueAt(figures.backlog, figures.backAt)).toBe(priorities.filter((priority) => priority === held).length)
      for (const { calls, most } of figures.windows) {
        expect(largest(calls)).toBeGreaterThan(1)
        expect(largest(calls)).toBeLessThanOrEqual(most)
      }
      // The queue's own limit, 1,000 receives, is only for what dies before its attempts are counted.
      expect(figures.receives).toBeLessThan(200)
    },
  )
})
