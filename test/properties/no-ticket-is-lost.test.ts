import { expect, test } from 'vitest'
import { plans } from './plan.ts'
import { HALF, checkSchedules, IS_OURS, PATIENCE_MS, SEED } from './schedules.ts'

// The other half is a file of its own, so that each has a core of its own.
test(
  `no accepted ticket is lost, or silently delivered twice: ${HALF} schedules, seed ${SEED}`,
  async () => {
    const sizes = await checkSchedules(plans, { seed: SEED, runs: HALF })
    const median = sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)]
    expect(median).toBeGreaterThanOrEqual(IS_OURS ? 14 : 1)
  },
  PATIENCE_MS,
)
