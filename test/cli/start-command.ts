import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

/** Free ports for all listeners. */
export const FREE_PORTS = ['--port', '0', '--cloud-port', '0', '--trello-port', '0', '--slack-port', '0'] as const

/** A running `ticketing` command. Disposing kills it. */
export interface RunningCommand extends AsyncDisposable {
  readonly pid: number
  /** Both streams so far. */
  readonly output: string
  /** Resolves with the first match in the output; rejects with the whole output when the command ends. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
  /** Resolves when it has ended, and all processes with its output. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** Starts the `ticketing` command as a person would; `env` is added to an environment without any of AWS or ours. */
export function startCommand(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let isOver = false
  const look = new Set<() => void>()
  const lookAgain = (): void => {
    for (const each of look) each()
  }
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      lookAgain()
    })
  const ended = endOf(child, () => {
    isOver = true
    lookAgain()
  })
  return {
    pid: child.pid ?? -1,
    get output() {
      return output
    },
    until(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
      const check = (): void => {
        const match = pattern.exec(output)
        if (match) resolve(match)
        else if (isOver) reject(new Error(`ended before ${String(pattern)} was printed:\n${output}`))
        else return
        look.delete(check)
      }
      look.add(check)
      check()
      return promise
    },
    kill: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function endOf(child: ChildProcess, then: () => void): RunningCommand['ended'] {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<RunningCommand['ended']>>()
  child.once('error', reject)
  child.once('close', (code, signal) => {
    then()
    resolve({ code, signal })
  })
  return promise
}

/** AWS settings of the developer must not change the results. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|TICKETING)_/.test(name)))
}

/** A temporary folder. */
export async function makeFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'ticketing-cli-'))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  }
}
