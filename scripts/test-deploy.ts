import { findMissing } from '../test/deploy/find-missing.ts'
import { runVitest } from './run-vitest.ts'

// `pnpm test:deploy`: the image and both compose files for real. Arguments go on to Vitest.
const missing = await findMissing()
if (missing === undefined) {
  process.env['TICKETING_TEST_DEPLOY'] = '1'
  process.exitCode = await runVitest(['--project', 'deploy', ...process.argv.slice(2)], 'deploy')
} else {
  console.error(`test:deploy: ${missing}`)
  process.exitCode = 1
}
