import { expect, test } from 'vitest'
import { eventPlans } from './plan.ts'
import { checkSchedules, HALF, PATIENCE_MS, SEED } from './schedules.ts'

const RUNS = Math.ceil((HALF * 2) / 5)

test(
  `nothing that people do to a ticket is lost, or shown twice: ${RUNS} schedules, seed ${SEED}`,
  async () => {
    expect(await checkSchedules(eventPlans, { seed: SEED, runs: RUNS })).toHaveLength(RUNS)
  },
  PATIENCE_MS,
)
