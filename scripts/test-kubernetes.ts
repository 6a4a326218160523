import { findMissing } from '../test/kubernetes/find-missing.ts'
import { runVitest } from './run-vitest.ts'

// `pnpm test:kubernetes`: deploy/kubernetes on the cluster that KUBECONFIG names. Arguments go on to Vitest.
const missing = await findMissing()
if (missing === undefined) {
  process.env['TICKETING_TEST_KUBERNETES'] = '1'
  process.exitCode = await runVitest(['--project', 'kubernetes', ...process.argv.slice(2)], 'kubernetes')
} else {
  console.error(`test:kubernetes: ${missing}`)
  process.exitCode = 1
}
