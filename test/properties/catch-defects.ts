import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { BreachKind } from '../promise/breach.ts'
import { CHOSEN_SEED } from '../support/seed.ts'
import { playAndCheck } from './check-schedule.ts'
import type { Defect } from './defect.ts'
import { plantInCopy, removeCopies } from './plant-in-copy.ts'
import { plainPlans, type Plan } from './plan.ts'
import type { Planted } from './play.ts'

/** Schedules that are tried before a defect counts as unseen. */
const TRIES = 25
const SEED = 20_261_125
/** A new one comes first, where a run of CI chose a seed. */
const SCHEDULES = [
  ...(CHOSEN_SEED === undefined ? [] : fc.sample(plainPlans, { seed: CHOSEN_SEED, numRuns: 1 })),
  ...fc.sample(plainPlans, { seed: SEED, numRuns: TRIES }),
]

async function kindsOf(plan: Plan, planted?: Planted): Promise<readonly BreachKind[]> {
  const { breaches } = await playAndCheck(plan, planted)
  return [...new Set(breaches.map(({ kind }) => kind))]
}

/** What a plan shows without a defect; defects that change nothing in the drawn plan share one play of it. */
const withoutDefect = new Map<Plan, Promise<readonly BreachKind[]>>()
function kindsWithoutDefect(plan: Plan): Promise<readonly BreachKind[]> {
  const known = withoutDefect.get(plan) ?? kindsOf(plan)
  withoutDefect.set(plan, known)
  return known
}

/** Plants each of these defects, and sees that the schedules show its breach. */
export function catchEach(defects: readonly Defect[]): void {
  describe('a defect that real systems had causes the breach that it must, and its schedule none without it', () => {
    afterAll(removeCopies)

    test.each(defects)(
      '$breach: $name',
      async ({ name, patches, around, breach, provoke = (plan) => plan }) => {
        const copied = patches && (await plantInCopy(name.replaceAll(/\W+/g, '-'), patches))
        const planted = { ...around, ...copied }
        const seen = new Set<BreachKind>()
        for (const drawn of SCHEDULES) {
          const plan = provoke(drawn)
          for (const kind of await kindsOf(plan, planted)) seen.add(kind)
          // The same schedule shows nothing where nothing is planted: the breach is the defect's own.
          expect(await kindsWithoutDefect(plan)).toEqual([])
          if (seen.has(breach)) break
        }
        expect([...seen]).toContain(breach)
      },
      60_000,
    )
  })
}
