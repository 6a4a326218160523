import { findMissingForLocalstack } from '../test/backends/localstack.ts'
import { ALWAYS_HERE } from './projects.ts'
import { runVitest } from './run-vitest.ts'

/** Steps of their own, with a report each. */
const STEPS = ['long', 'defects', 'processes', 'function-intake', 'browser']

// `pnpm test`: every test that this machine can run. Arguments go on to Vitest.
const args = process.argv.slice(2)
const chosen = args.find((arg) => arg.startsWith('--project='))?.slice('--project='.length)
const projects = chosen === undefined ? [...ALWAYS_HERE, 'deploy'] : []
// A person who names files wants these, on what is always here.
if (chosen === undefined && args.every((arg, at) => arg.startsWith('-') || args[at - 1]?.startsWith('-'))) {
  const missing = await findMissingForLocalstack()
  if (missing === undefined) {
    process.env['TICKETING_TEST_LOCALSTACK'] = '1'
    projects.push('localstack')
  } else console.error(`scenarios on LocalStack skipped: ${missing}`)
}
const named = projects.map((name) => `--project=${name}`)
process.exitCode = await runVitest(
  [...named, ...args],
  chosen !== undefined && STEPS.includes(chosen) ? chosen : 'vitest',
)
