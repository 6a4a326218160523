import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { CHOSEN_SEED } from '../test/support/seed.ts'
import { runVitest } from './run-vitest.ts'

const USAGE =
  'usage: npx -y pnpm@12 soak:property [--runs N] [--seed N], both whole numbers; runs are 1000 unless given'

// The promise held to schedules that were never run before; each half of them in a file of its own, side by side.
const asked = readArgs()
if (asked === undefined) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  const { runs, seed } = asked
  console.log(`seed ${seed}; the same schedules again: npx -y pnpm@12 soak:property --seed ${seed} --runs ${runs}`)
  process.env['TICKETING_PROPERTY_SEED'] = String(seed)
  process.env['TICKETING_PROPERTY_RUNS'] = String(runs)
  process.exitCode = await runVitest(['--project=tests', 'test/properties/no-'], 'property')
}

function readArgs(): { readonly runs: number; readonly seed: number } | undefined {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({ options: { runs: text, seed: text } })
    const runs = Number(values.runs ?? 1000)
    const seed = Number(values.seed ?? CHOSEN_SEED ?? randomInt(2 ** 31))
    const isGood = Number.isInteger(runs) && runs > 0 && Number.isInteger(seed) && seed >= 0
    return isGood ? { runs, seed } : undefined
  } catch {
    return undefined
  }
}
