import { CliError } from './cli-error.ts'
import { deadLetters } from './commands/dead-letters.ts'
import { dev } from './commands/dev.ts'
import { down } from './commands/down.ts'
import { policy } from './commands/policy.ts'
import { send } from './commands/send.ts'
import { server } from './commands/server.ts'
import { simulators } from './commands/simulators.ts'
import { status } from './commands/status.ts'
import { tokens } from './commands/tokens.ts'
import { up } from './commands/up.ts'
import { printable } from './text/printable.ts'
import type { Command, CommandContext } from './command.ts'

/** All commands, in the order in which a newcomer meets them. */
const commands: readonly Command[] = [dev, send, status, deadLetters, tokens, up, down, policy, server, simulators]

/** Runs one command line; resolves with the exit code. What a person can mend is one message; a defect is thrown. */
export async function runCli(args: readonly string[], terminal: CommandContext): Promise<number> {
  const context = printPlainly(terminal)
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    overview(context)
    return name === undefined ? 2 : 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (!command) {
    context.printError(
      `ticketing: there is no command "${name}"; these are: ${commands.map((each) => each.name).join(', ')}`,
    )
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    context.print(command.help)
    return 0
  }
  try {
    return await command.run(rest, context)
  } catch (error) {
    const mendable = readMendable(error, name)
    if (!mendable) throw error
    context.printError(`ticketing ${name}: ${mendable.message}`)
    return mendable.exitCode
  }
}

/**
 * Whatever a command prints may hold words of somebody else's: a user's, a vendor's, those of whoever answers for AWS.
 * None of them drives the terminal.
 */
function printPlainly(context: CommandContext): CommandContext {
  return {
    ...context,
    print: (line) => context.print(printable(line)),
    printError: (line) => context.printError(printable(line)),
  }
}

function overview(context: CommandContext): void {
  context.print('ticketing <command> [options]; `ticketing <command> --help` says more')
  context.print('')
  const width = Math.max(...commands.map(({ name }) => name.length))
  for (const { name, summary } of commands) context.print(`  ${name.padEnd(width)}  ${summary}`)
}

const ELSEWHERE = 'run it in a folder where you may write'
const FREE_SPACE = 'the disk is full: free some space, or run it in another folder'
const IN_THE_WAY = 'a file or folder of this name is in the way: move it'

/** What helps, by the system's code of a file that cannot be used. */
const FILE_ADVICE: Readonly<Record<string, string>> = {
  EACCES: ELSEWHERE,
  EPERM: ELSEWHERE,
  EROFS: ELSEWHERE,
  ENOSPC: FREE_SPACE,
  EDQUOT: FREE_SPACE,
  EEXIST: IN_THE_WAY,
  ENOTDIR: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
}

/** Wrong options are Node's own errors, as are files that may not be written; everything else that can be mended is ours. */
function readMendable(error: unknown, name: string): { message: string; exitCode: number } | undefined {
  if (error instanceof CliError) return error
  if (!(error instanceof Error)) return undefined
  const code: unknown = Reflect.get(error, 'code')
  if (typeof code !== 'string') return undefined
  if (code.startsWith('ERR_PARSE_ARGS_'))
    return { message: `${error.message}; ticketing ${name} --help lists the options`, exitCode: 2 }
  const path: unknown = Reflect.get(error, 'path')
  // In a folder that is read-only Node says of a new one that it is not there.
  const isNewFolder = code === 'ENOENT' && Reflect.get(error, 'syscall') === 'mkdir'
  const todo = isNewFolder ? ELSEWHERE : FILE_ADVICE[code]
  if (todo === undefined || typeof path !== 'string') return undefined
  return { message: `${path} cannot be used (${code}); ${todo}`, exitCode: 1 }
}
