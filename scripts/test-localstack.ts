import { findMissingForLocalstack } from '../test/backends/localstack.ts'
import { runVitest } from './run-vitest.ts'

// `pnpm test:localstack`: every scenario on LocalStack, in a container that is started for it. Arguments go on to Vitest.
const missing = await findMissingForLocalstack()
if (missing === undefined) {
  process.env['TICKETING_TEST_LOCALSTACK'] = '1'
  process.exitCode = await runVitest(['--project', 'localstack', ...process.argv.slice(2)], 'localstack')
} else {
  console.error(`test:localstack: ${missing}`)
  process.exitCode = 1
}
