import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DIE_WITH_PARENT, pathOf } from './keep-running.ts'
import type { Random } from './random.ts'
import type { Recorder } from './recorder.ts'

/** Seconds from one redrive to the next, on average. */
const EVERY = 45
/** An operator loses patience, or the connection, in the middle. */
const KILLED = 0.3

export interface Operator {
  /** How often it redrove, and how often it was killed at it. */
  readonly counts: { redrives: number; killed: number }
  stop(): Promise<void>
}

/** Sends all dead letters on their way again now and then, by the very command that an operator has. */
export function startOperator(
  { endpoint, env, logFile }: { endpoint: string; env: NodeJS.ProcessEnv; logFile: string },
  { random, recorder }: { random: Random; recorder: Recorder },
): Operator {
  const counts = { redrives: 0, killed: 0 }
  const stopping = new AbortController()
  const redrive = async (): Promise<void> => {
    const log = openSync(logFile, 'a')
    const command = ['dead-letters', 'redrive', '--all', '--endpoint', endpoint]
    const main = pathOf('../../packages/cli/src/main.ts')
    const child = spawn(process.execPath, ['--conditions=source', `--import=${DIE_WITH_PARENT}`, main, ...command], {
      env,
      stdio: ['pipe', log, log],
    })
    closeSync(log)
    counts.redrives += 1
    recorder.note('redrives', { process: 'operator', pid: child.pid })
    const impatience = random.chance(KILLED)
      ? setTimeout(() => (counts.killed += Number(child.kill('SIGKILL'))), random.between(500, 3000))
      : undefined
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    clearTimeout(impatience)
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(1000 * random.wait(EVERY), undefined, { signal: stopping.signal }).catch(() => {})
      if (!stopping.signal.aborted) await redrive()
    }
  }
  const running = run()
  return {
    counts,
    async stop() {
      stopping.abort()
      await running
    },
  }
}
