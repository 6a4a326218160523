import { parseArgs } from 'node:util'
import { randomInt } from 'node:crypto'
import { CHOSEN_SEED } from '../support/seed.ts'
import { describeFigures, isSound } from './figures.ts'
import { runRounds } from './run-rounds.ts'

// `pnpm test:durability [--rounds 300] [--seed 7]`: kill -9 of the embedded cloud, counted. Exit code 1 on any loss.
const { rounds, seed } = readArgs()
process.stdout.write(`kill -9 of the embedded cloud: ${rounds} rounds, seed ${seed}\n`)
const onRound = (round: number): void => {
  if (round % 50 === 0) process.stdout.write(`  ${round} rounds\n`)
}
const figures = await runRounds({ rounds, seed, onRound })
process.stdout.write(describeFigures(figures))
process.exitCode = isSound(figures) ? 0 : 1

function readArgs(): { readonly rounds: number; readonly seed: number } {
  try {
    const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } })
    const rounds = Number(values.rounds ?? 300)
    const seed = Number(values.seed ?? CHOSEN_SEED ?? randomInt(2 ** 31))
    if (Number.isInteger(rounds) && rounds > 0 && Number.isInteger(seed)) return { rounds, seed }
  } catch {
    // An option that there is not.
  }
  process.stderr.write(
    'usage: npx -y pnpm@12 test:durability [--rounds N] [--seed N], whole numbers; rounds are 300 unless given\n',
  )
  process.exit(2)
}
