// Loaded by `node --import` into a child process, before anything else: puts it under its parent's guard.
import { basename } from 'node:path'
import { installEgressGuard } from './install-egress-guard.ts'

const { searchParams } = new URL(import.meta.url)
const reportPath = searchParams.get('report')
if (reportPath === null) throw new Error('expected ?report=<path of the parent’s report> behind the name of this file')
const name = process.env['AWS_LAMBDA_FUNCTION_NAME']
installEgressGuard({
  allow: searchParams.getAll('allow'),
  reportPath,
  processName: name === undefined ? `the process ${basename(process.argv[1] ?? 'node')}` : `the function ${name}`,
})
