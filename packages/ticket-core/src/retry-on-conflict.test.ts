import { expect, test } from 'vitest'
import { MAX_CONFLICTS, retryOnConflict } from './retry-on-conflict.ts'

/** Work that meets so many conflicts before it is done. */
function meeting(conflicts: number): { readonly work: () => Promise<'done' | { kind: 'conflict' }>; runs: number } {
  const seen = {
    runs: 0,
    work: () => Promise.resolve((seen.runs += 1) > conflicts ? ('done' as const) : { kind: 'conflict' as const }),
  }
  return seen
}

test.each([
  [0, 'done', 1],
  [1, 'done', 2],
  [MAX_CONFLICTS - 1, 'done', MAX_CONFLICTS],
  [MAX_CONFLICTS, 'later', MAX_CONFLICTS],
])('after %i conflicts the result is "%s", and the work ran %i times', async (conflicts, result, runs) => {
  const seen = meeting(conflicts)
  expect(await retryOnConflict<'done' | 'later'>(seen.work, () => 'later')).toBe(result)
  expect(seen.runs).toBe(runs)
})
