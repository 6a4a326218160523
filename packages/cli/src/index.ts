export { runCli } from './run-cli.ts'
export type { Prompt } from './text/prompt.ts'
export { listChecks } from './doctor/checks.ts'
