import * as fc from 'fast-check'
import { isSampled } from '../support/sample.ts'
import { checkSchedule } from './check-schedule.ts'
import type { Plan } from './plan.ts'

/** Drawn again by `pnpm soak:property`; a failing seed given here replays exactly. */
export const SEED = Number(process.env['TICKETING_PROPERTY_SEED'] ?? 20_261_125)
/** All schedules of the default seed: what it draws is known, and as it was meant to be. */
export const IS_OURS = process.env['TICKETING_PROPERTY_SEED'] === undefined && !isSampled()
/** Of each half. */
export const HALF = Math.ceil(Number(process.env['TICKETING_PROPERTY_RUNS'] ?? (isSampled() ? 20 : 300)) / 2)
/** Milliseconds for a half. */
export const PATIENCE_MS = 60_000 + HALF * 4_000

/** Checks so many drawn schedules against the promise; gives how many tickets each had. Rejects with the smallest one that breaks it. */
export async function checkSchedules(
  plans: fc.Arbitrary<Plan>,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Promise<readonly number[]> {
  const sizes: number[] = []
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      sizes.push(plan.sends.length)
      await checkSchedule(plan)
    }),
    // A failure is shrunk until then, and what was found by then is reported.
    { seed, numRuns: runs, interruptAfterTimeLimit: PATIENCE_MS - 20_000, markInterruptAsFailure: true },
  )
  return sizes
}
