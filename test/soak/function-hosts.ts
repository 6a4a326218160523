import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import type { Bundles } from '@ticketing/lambdas'
import { LANES, type Lane } from 'ticket-core'

/** A process in which a function runs: a child of the cloud. */
export interface FunctionHost {
  readonly pid: number
  readonly name: Lane
}

const run = promisify(execFile)

/**
 * Finds the processes of functions by their command line, which names the folder that the code was unpacked to; that
 * folder is named by the code's digest. `folder` is the run's own, so that no other run's process is found.
 */
export function createHostFinder(bundles: Bundles, folder: string): () => Promise<FunctionHost[]> {
  const digests = LANES.map((name) => ({
    name,
    digest: createHash('sha256').update(bundles[name]).digest('hex').slice(0, 40),
  }))
  return async () => {
    const lines = await listProcesses(folder)
    return lines.flatMap(({ pid, args }) => {
      const found = digests.find(({ digest }) => args.includes(digest))
      return found ? [{ pid, name: found.name }] : []
    })
  }
}

/** All processes whose command line names this folder. */
export async function listProcesses(folder: string): Promise<{ pid: number; args: string }[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,args='], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\n').flatMap((line) => {
    const [, pid, args] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
    return pid !== undefined && args?.includes(folder) === true && Number(pid) !== process.pid
      ? [{ pid: Number(pid), args }]
      : []
  })
}

/** `kill -9`, should it still be there. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}
