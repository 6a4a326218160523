/** The seed of a run: `TICKETING_SEED` repeats the run of CI. Undefined without it. */
export const CHOSEN_SEED: number | undefined = readSeed(process.env['TICKETING_SEED'])

function readSeed(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const seed = Number(text)
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed
  throw new Error(`TICKETING_SEED: expected a whole number from 0 to 2147483647, got "${text}"`)
}
