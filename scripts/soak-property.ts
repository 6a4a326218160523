import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runVitest } from './run-vitest.ts'

// `pnpm soak:property [--runs N] [--seed N]`: the promise held to schedules that nobody has seen before.
const text = { type: 'string' } as const
const { values } = parseArgs({ options: { runs: text, seed: text } })
const seed = values.seed ?? String(randomInt(2 ** 31))
console.log(`seed ${seed}; the same schedules again: npx -y pnpm@12 soak:property --seed ${seed}`)
process.env['TICKETING_PROPERTY_SEED'] = seed
process.env['TICKETING_PROPERTY_RUNS'] = values.runs ?? '1000'
process.exitCode = await runVitest(['--project=scenarios', 'test/properties/no-ticket'])
