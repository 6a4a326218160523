import { type Prompt, runCli } from '@ticketing/cli'
import { createStackClients, type StackClients } from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import type { Clock } from 'ticket-core'
import type { CommandResult } from './run-command.ts'

export interface InProcessResult extends CommandResult {
  /** Lines of standard output only. */
  readonly said: readonly string[]
  /** Progress lines, as a terminal shows them. */
  readonly passing: readonly string[]
}

export interface InProcessOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stop?: AbortSignal
  readonly clock?: Clock
  /** Of a cloud in this process, in place of the command line's. */
  readonly clients?: StackClients | undefined
  /** What a person at the terminal answers, in order; then the input ends. Without it there is no terminal to ask at. */
  readonly answers?: readonly (string | ((shown: string) => string))[]
  /** Called with each line of both streams, before the command continues. */
  readonly onLine?: (line: string) => void
}

/** Runs a command line in this process: it saves the half second that Node needs to start. */
export async function runInProcess(
  args: readonly string[],
  {
    cwd,
    env = {},
    stop = new AbortController().signal,
    clock = systemClock,
    clients,
    answers,
    onLine = () => {},
  }: InProcessOptions,
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
    clients: (options) => clients ?? createStackClients(options),
    isWindows: false,
    print: (line) => {
      said.push(line)
      take(line)
    },
    printError: take,
    progress: (text) => passing.push(text),
    ...(answers && { openPrompt: () => scriptedPrompt([...answers], take) }),
    stop,
    sinceStart: () => performance.now(),
  })
  return { code, output: lines.map((line) => `${line}\n`).join(''), said, passing }
}

/** Shows each question, and gives the next answer, which is never shown. */
function scriptedPrompt(
  answers: NonNullable<InProcessOptions['answers']>[number][],
  show: (line: string) => void,
): Prompt {
  return {
    async ask({ text, isHidden }) {
      show(isHidden ? `${text} (hidden)` : text)
      const next = answers.shift()
      return typeof next === 'function' ? next(text) : next
    },
    [Symbol.dispose]: () => {},
  }
}
