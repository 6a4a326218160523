import { CliError } from './cli-error.ts'
import { connectVendors } from './commands/connect-vendors.ts'
import { deadLetters } from './commands/dead-letters.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { down } from './commands/down.ts'
import { init } from './commands/init.ts'
import { plan } from './commands/plan.ts'
import { policy } from './commands/policy.ts'
import { send } from './commands/send.ts'
import { server } from './commands/server.ts'
import { simulators } from './commands/simulators.ts'
import { status } from './commands/status.ts'
import { template } from './commands/template.ts'
import { tickets } from './commands/tickets.ts'
import { tokens } from './commands/tokens.ts'
import { up } from './commands/up.ts'
import { printable } from './text/printable.ts'
import type { Command, CommandContext } from './command.ts'

/** All commands, in the order in which a new user needs them. */
const commands: readonly Command[] = [
  dev,
  init,
  send,
  status,
  tickets,
  deadLetters,
  tokens,
  plan,
  up,
  connectVendors,
  doctor,
  down,
  policy,
  template,
  server,
  simulators,
]

/** EX_TEMPFAIL of sysexits.h: AWS did not answer; a supervisor may run the same again. */
const TRY_AGAIN = 75

/** Runs one command line; resolves with the exit code. Prints mistakes of the user as one message; throws bugs. */
export async function runCli(args: readonly string[], terminal: CommandContext): Promise<number> {
  const context = escapeOutput(terminal)
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
    const userError = readUserError(error, name)
    if (!userError) throw error
    context.printError(`ticketing ${name}: ${userError.message}`)
    return userError.isTransient ? TRY_AGAIN : userError.exitCode
  }
}

/**
 * Escapes all output: it may hold the words of users, vendors, or a fake AWS, which must not control the terminal.
 */
function escapeOutput(context: CommandContext): CommandContext {
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

const OTHER_FOLDER = 'run it in a folder where you may write'
const FREE_SPACE = 'the disk is full: free some space, or run it in another folder'
const IN_THE_WAY = 'a file or folder of this name is in the way: move it'

/** The advice for each error code of the file system. */
const FILE_ADVICE: Readonly<Record<string, string>> = {
  EACCES: OTHER_FOLDER,
  EPERM: OTHER_FOLDER,
  EROFS: OTHER_FOLDER,
  ENOSPC: FREE_SPACE,
  EDQUOT: FREE_SPACE,
  EEXIST: IN_THE_WAY,
  ENOTDIR: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
}

/** The message for a user who made a mistake. */
interface UserError {
  readonly message: string
  readonly exitCode: number
  readonly isTransient?: boolean
}

/** Mistakes of the user: a CliError, or an error of Node for wrong options and unusable files. */
function readUserError(error: unknown, name: string): UserError | undefined {
  if (error instanceof CliError) return error
  if (!(error instanceof Error)) return undefined
  const code: unknown = Reflect.get(error, 'code')
  if (typeof code !== 'string') return undefined
  if (code.startsWith('ERR_PARSE_ARGS_'))
    return { message: `${error.message}; ticketing ${name} --help lists the options`, exitCode: 2 }
  const path: unknown = Reflect.get(error, 'path')
  // In a read-only folder mkdir fails with ENOENT.
  const isNewFolder = code === 'ENOENT' && Reflect.get(error, 'syscall') === 'mkdir'
  const todo = isNewFolder ? OTHER_FOLDER : FILE_ADVICE[code]
  if (todo === undefined || typeof path !== 'string') return undefined
  return { message: `${path} cannot be used (${code}); ${todo}`, exitCode: 1 }
}
