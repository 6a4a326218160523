import type { StackClientOptions, StackClients } from '@ticketing/stack'
import type { Clock } from 'ticket-core'

/** All of its surroundings that a command touches: the root passes the process's own. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Hints for people are then written for PowerShell. */
  readonly isWindows: boolean
  readonly clock: Clock
  /** Makes the clients of AWS. */
  readonly clients: (options: StackClientOptions) => StackClients
  /** Takes a line for the person; the line feed is added. */
  print(line: string): void
  /** The same, to standard error. */
  printError(line: string): void
  /** Shows a passing line on a terminal, in place of the one before; '' takes it away. Nothing where there is no terminal. */
  progress(text: string): void
  /** Columns of the terminal; absent where there is none. */
  readonly columns?: number
  /** Aborted at the first Ctrl-C (or SIGTERM); the second one ends the process at once. Its reason is the signal's name. */
  readonly stop: AbortSignal
  /** Milliseconds since this process started. */
  sinceStart(): number
}

export interface Command {
  readonly name: string
  /** One line of the overview. */
  readonly summary: string
  /** Shown by `ticketing <name> --help`. */
  readonly help: string
  /** Resolves with the exit code. Throws a CliError for what the person can mend. */
  run(args: readonly string[], context: CommandContext): Promise<number>
}

/** Resolves with the name of the signal that tells this process to stop. */
export function untilStopped({ stop }: CommandContext): Promise<string> {
  return new Promise((resolve) => {
    const settle = (): void => resolve(String(stop.reason))
    if (stop.aborted) settle()
    else stop.addEventListener('abort', settle, { once: true })
  })
}
