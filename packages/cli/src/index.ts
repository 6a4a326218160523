export { runCli } from './run-cli.ts'
export type { Prompt } from './text/prompt.ts'
export { releaseOf } from './release.ts'
export { listChecks } from './doctor/checks.ts'
