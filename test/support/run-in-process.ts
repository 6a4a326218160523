import { runCli } from '@ticketing/cli'
import { createStackClients } from '@ticketing/stack'
import type { StackClientOptions } from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import type { Clock } from 'ticket-core'
import type { CommandResult } from './run-command.ts'

export interface InProcessResult extends CommandResult {
  /** Lines of standard output only. */
  readonly said: readonly string[]
  /** Passing lines, as a terminal would have shown them. */
  readonly passing: readonly string[]
}

export interface InProcessOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stop?: AbortSignal
  readonly clock?: Clock
  /** How clients reach a cloud in this very process, in place of what the command line says. */
  readonly aws?: StackClientOptions | undefined
  /** Told of each line of either stream, before the command goes on. */
  readonly onLine?: (line: string) => void
}

/** Runs a command line in this process: what it does is the same, without the half second that Node takes to start. */
export async function runInProcess(
  args: readonly string[],
  { cwd, env = {}, stop = new AbortController().signal, clock = systemClock, aws, onLine = () => {} }: InProcessOptions,
): Promise<InProcessResult> {
  const lines: string[] = []
  const said: string[] = []
  const passing: string[] = []
  const take = (line: string): void => {
    lines.push(line)
    onLine(line)
  }
  const code = await runCli(args, {
    cwd,
    env,
    clock,
    clients: (options) => createStackClients({ ...options, ...aws }),
    isWindows: false,
    print: (line) => {
      said.push(line)
      take(line)
    },
    printError: take,
    progress: (text) => passing.push(text),
    stop,
    sinceStart: () => performance.now(),
  })
  return { code, output: lines.map((line) => `${line}\n`).join(''), said, passing }
}
