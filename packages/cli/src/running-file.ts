import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { isLocked } from './folder-lock.ts'

/** The file of a running `ticketing dev` for other commands. Its token is of the simulated team only. */
export interface Running {
  readonly pid: number
  /** Addresses without a trailing slash. */
  readonly server: string
  readonly cloud: string
  readonly trello: string
  readonly slack: string
  readonly teamsToken: string
  readonly botName: string
  readonly secretId: string
  readonly region: string
}

const text = v.pipe(v.string(), v.nonEmpty())
const RunningFile = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    pid: v.number(),
    server: text,
    cloud: text,
    trello: text,
    slack: text,
    teamsToken: text,
    botName: text,
    secretId: text,
    region: text,
  }),
)

/** Where the testbed keeps its state, below the folder where the command runs. */
export function stateDirectory(cwd: string): string {
  return join(cwd, '.ticketing')
}

export async function writeRunning(directory: string, running: Running): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeFile(fileIn(directory), `${JSON.stringify(running, undefined, 2)}\n`, { mode: 0o600 })
}

export async function removeRunning(directory: string): Promise<void> {
  await rm(fileIn(directory), { force: true })
}

/** The running testbed, or undefined. The file of a killed one is stale: its lock is free. */
export async function readRunning(directory: string): Promise<Running | undefined> {
  const running = v.safeParse(RunningFile, await readFile(fileIn(directory), 'utf8').catch(() => undefined))
  return running.success && isLocked(directory) ? running.output : undefined
}

function fileIn(directory: string): string {
  return join(directory, 'running.json')
}
