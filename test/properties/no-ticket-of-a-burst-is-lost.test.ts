import { expect, test } from 'vitest'
import { burstPlans, plans } from './plan.ts'
import { HALF, checkSchedules, PATIENCE_MS, SEED } from './schedules.ts'

const BURSTS = Math.ceil(HALF / 50)

test(
  `no ticket of a burst of two hundred is lost, or silently delivered twice: ${BURSTS} schedules, seed ${SEED}`,
  async () => {
    expect(await checkSchedules(burstPlans, { seed: SEED, runs: BURSTS })).toContain(200)
  },
  PATIENCE_MS,
)

test(
  `nor any other: ${HALF} more schedules, seed ${SEED + 1}`,
  async () => {
    expect(await checkSchedules(plans, { seed: SEED + 1, runs: HALF })).toHaveLength(HALF)
  },
  PATIENCE_MS,
)
