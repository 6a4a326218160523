import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFECTS } from './defects.ts'
import { findBreaches } from './find-breaches.ts'
import { plans } from './plan.ts'
import { play } from './play.ts'
import type { Plan } from './plan.ts'
import type { Planted } from './play.ts'
import { plantInCopy, removeCopies } from './plant.ts'

const SEED = 20_261_125
/** Schedules that are tried before a defect counts as unseen. */
const TRIES = 25

/** The first thing that was seen to be wrong; nothing, if the promise was kept in all schedules. */
async function firstBreach(provoke: (plan: Plan) => Plan, planted: Planted): Promise<string | undefined> {
  for (const drawn of fc.sample(plans, { seed: SEED, numRuns: TRIES })) {
    const played = await play(provoke(drawn), planted)
    try {
      const [breach] = await findBreaches(played)
      if (breach) return breach.what
    } finally {
      played.bed.faults.forget()
      await played.bed.stop()
    }
  }
  return undefined
}

describe('a defect that real systems had is seen', () => {
  beforeAll(removeCopies)
  afterAll(removeCopies)

  test.each(DEFECTS.map((defect, number) => ({ ...defect, number })))(
    '$name',
    async ({ number, patches, around, provoke = (plan) => plan }) => {
      const functions = patches && (await plantInCopy(String(number), patches))
      expect(await firstBreach(provoke, { ...around, ...(functions && { functions }) })).toBeDefined()
    },
    60_000,
  )

  test('and what provokes them does no harm where none is planted', async () => {
    for (const [number, { provoke = (plan: Plan) => plan }] of DEFECTS.entries())
      for (const drawn of fc.sample(plans, { seed: SEED + number, numRuns: 1 })) {
        const played = await play(provoke(drawn))
        expect(await findBreaches(played)).toEqual([])
        played.bed.faults.forget()
        await played.bed.stop()
      }
  }, 120_000)
})
