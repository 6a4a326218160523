import { findMissingForLocalstack } from '../test/backends/localstack.ts'
import { runVitest } from './run-vitest.ts'

// `pnpm test`: every test that this machine can run. Arguments go on to Vitest.
const args = process.argv.slice(2)
// Somebody who names files wants these, on what is always here.
if (args.every((arg, at) => arg.startsWith('-') || args[at - 1]?.startsWith('-'))) {
  const missing = await findMissingForLocalstack()
  if (missing === undefined) process.env['TICKETING_TEST_LOCALSTACK'] = '1'
  else console.error(`scenarios on LocalStack skipped: ${missing}`)
}
process.exitCode = await runVitest(args)
