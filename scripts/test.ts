import { findMissingForLocalstack } from '../test/backends/localstack.ts'
import { runVitest } from './run-vitest.ts'

/** All but `teeth`, which takes minutes and is a step of its own: `pnpm test:teeth`. */
const PROJECTS = ['unit', 'scenarios', 'processes', 'deploy']

// `pnpm test`: every test that this machine can run. Arguments go on to Vitest.
const args = process.argv.slice(2)
const chosen = args.find((arg) => arg.startsWith('--project='))?.slice('--project='.length)
const projects = chosen === undefined ? [...PROJECTS] : []
// Somebody who names files wants these, on what is always here.
if (chosen === undefined && args.every((arg, at) => arg.startsWith('-') || args[at - 1]?.startsWith('-'))) {
  const missing = await findMissingForLocalstack()
  if (missing === undefined) {
    process.env['TICKETING_TEST_LOCALSTACK'] = '1'
    projects.push('localstack')
  } else console.error(`scenarios on LocalStack skipped: ${missing}`)
}
const named = projects.map((name) => `--project=${name}`)
process.exitCode = await runVitest([...named, ...args], chosen === 'teeth' ? 'teeth' : 'vitest')
