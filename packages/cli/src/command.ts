import type { StackClientOptions, StackClients } from '@ticketing/stack'
import type { Clock } from 'ticket-core'
import type { Prompt } from './text/prompt.ts'

/** The surroundings of a command: `main.ts` passes those of the process. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Prints hints for PowerShell. */
  readonly isWindows: boolean
  readonly clock: Clock
  /** Makes the clients of AWS. */
  readonly clients: (options: StackClientOptions) => StackClients
  /** Prints a line to standard output. Adds the line feed. */
  print(line: string): void
  /** Prints a line to standard error. */
  printError(line: string): void
  /** Shows a progress line on a terminal, in place of the last one. '' removes it. Does nothing without a terminal. */
  progress(text: string): void
  /** Begins to ask the person at the terminal; absent where there is none: in a script, in CI. */
  readonly openPrompt?: () => Prompt
  /** Columns of the terminal, if there is one. */
  readonly columns?: number
  /** Aborted by the first Ctrl-C (or SIGTERM), with the signal's name as reason. The second one ends the process. */
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
  /** Resolves with the exit code. Throws a CliError for mistakes that the user can fix. */
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
