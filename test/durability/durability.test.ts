import { expect, it } from 'vitest'
import { describeFigures, isSound } from './figures.ts'
import { runRounds } from './run-rounds.ts'

// `pnpm test:durability` runs hundreds of these, with a seed of its own; CI runs some dozens.
it('kill -9 in the middle of a burst loses nothing that was acknowledged, and doubles nothing', async () => {
  const figures = await runRounds({ rounds: 3, seed: 20_261_125 })
  expect(isSound(figures), describeFigures(figures)).toBe(true)
  for (const { what, acknowledged } of figures.tallies) expect(acknowledged, what).toBeGreaterThan(0)
  expect(figures.unanswered).toBeGreaterThan(0)
})

it.each([
  ['forgets', 'LOST messages sent'],
  ['repeats', 'DOUBLED messages sent'],
] as const)('a cloud that %s is found out', async (fault, told) => {
  // A seed that sends before it kills.
  const figures = await runRounds({ rounds: 1, seed: 1760, fault })
  expect(isSound(figures)).toBe(false)
  expect(describeFigures(figures)).toContain(told)
})
