import { readEndpoint } from '../test/backends/read-endpoint.ts'
import { runVitest } from './run-vitest.ts'

// `pnpm test:endpoint [--as NAME]`: every scenario on the cloud that AWS_ENDPOINT_URL names, or, with
// TICKETING_REAL_ACCOUNT, on AWS itself. `--as` names the report. Other arguments go on to Vitest.
const args = process.argv.slice(2)
const at = args.indexOf('--as')
const name = at === -1 ? 'endpoint' : (args.splice(at, 2)[1] ?? 'endpoint')
const found = await readEndpoint(process.env)
if (found.ok) {
  // The tests' own clients, and the commands that tests run, are told by the tests, not by what is set around them.
  delete process.env['AWS_ENDPOINT_URL']
  process.env['TICKETING_TEST_ENDPOINT'] = found.endpoint
  process.env['TICKETING_TEST_BACKEND'] = name
  process.exitCode = await runVitest(['--project', 'endpoint', ...args], name)
} else {
  console.error(`test:endpoint: ${found.problem}`)
  process.exitCode = 1
}
