import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Random } from './random.ts'

/** A process that is started again whenever it ends, until it is told to end for good. */
export interface KeptProcess {
  readonly name: string
  /** Of the process that runs now. */
  readonly pid: number | undefined
  readonly kills: number
  /** Ends that no kill caused: exit codes or signals. */
  readonly ownEnds: readonly string[]
  /** `kill -9`; false when it is down already. */
  kill(): boolean
  end(): Promise<void>
}

export interface KeepOptions {
  readonly name: string
  /** A TypeScript file of ours and its arguments. */
  readonly run: readonly [string, ...string[]]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Takes both streams, of all its lives. */
  readonly logFile: string
  readonly random: Random
  readonly note: (kind: string, detail: Readonly<Record<string, unknown>>) => void
}

/** To be preloaded into every process that must not outlive this one. */
export const DIE_WITH_PARENT = new URL('die-with-parent.ts', import.meta.url).href

/** How long whatever watches over processes takes to start one again, milliseconds. */
const DOWN_FOR = [100, 3000] as const
const DOWN_AFTER_OWN_END = 1000

const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

export function keepRunning({ name, run, env, cwd, logFile, random, note }: KeepOptions): KeptProcess {
  const ownEnds: string[] = []
  let kills = 0
  let isKilled = false
  let isOver = false
  let child: ChildProcess | undefined
  let again: NodeJS.Timeout | undefined

  const start = (): void => {
    const log = openSync(logFile, 'a')
    const started = spawn(process.execPath, ['--conditions=source', `--import=${DIE_WITH_PARENT}`, ...run], {
      cwd,
      env,
      stdio: ['pipe', log, log],
    })
    closeSync(log)
    isKilled = false
    child = started
    alive.add(started)
    // A pipe to a killed process breaks; nothing is ever written to it.
    started.stdin?.on('error', () => {})
    started.once('error', (error) => note('not-started', { process: name, reason: error.message }))
    started.once('exit', (code, signal) => {
      alive.delete(started)
      child = undefined
      if (isOver) return
      if (!isKilled) {
        ownEnds.push(signal ?? `exit ${String(code)}`)
        note('ended-by-itself', { process: name, code, signal })
      }
      again = setTimeout(start, isKilled ? random.between(...DOWN_FOR) : DOWN_AFTER_OWN_END)
    })
    note('started', { process: name, pid: started.pid })
  }
  start()

  return {
    name,
    get pid() {
      return child?.pid
    },
    get kills() {
      return kills
    },
    ownEnds,
    kill() {
      if (!child || isKilled) return false
      isKilled = true
      kills += 1
      note('killed', { process: name, pid: child.pid })
      return child.kill('SIGKILL')
    },
    async end() {
      isOver = true
      clearTimeout(again)
      const ending = child
      if (!ending) return
      await new Promise<void>((resolve) => {
        ending.once('exit', () => resolve())
        ending.kill('SIGKILL')
      })
    },
  }
}

/** A file beside this one, as a path. */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}
