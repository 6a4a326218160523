export { runCli } from './run-cli.ts'
export type { CommandContext } from './command.ts'
