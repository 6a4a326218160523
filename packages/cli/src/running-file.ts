import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isHeld } from './hold-folder.ts'

/** What a running `ticketing dev` tells other commands. The token is the simulated team's: it opens nothing else. */
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

const FIELDS = ['server', 'cloud', 'trello', 'slack', 'teamsToken', 'botName', 'secretId', 'region'] as const

/** Where the testbed keeps its state, below the folder where the command runs. */
export function stateDirectory(cwd: string): string {
  return join(cwd, '.ticketing')
}

export async function writeRunning(directory: string, running: Running): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeFile(fileIn(directory), `${JSON.stringify(running, undefined, 2)}\n`)
}

export async function removeRunning(directory: string): Promise<void> {
  await rm(fileIn(directory), { force: true })
}

/** The running testbed; undefined when there is none. A file that a killed one left behind is stale: nobody holds it. */
export async function readRunning(directory: string): Promise<Running | undefined> {
  const text = await readFile(fileIn(directory), 'utf8').catch(() => undefined)
  const running = text === undefined ? undefined : parse(text)
  return running && isHeld(directory) ? running : undefined
}

function fileIn(directory: string): string {
  return join(directory, 'running.json')
}

function parse(text: string): Running | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const pid: unknown = Reflect.get(value, 'pid')
    const [server, cloud, trello, slack, teamsToken, botName, secretId, region] = FIELDS.map((field) =>
      textOf(value, field),
    )
    if (
      typeof pid !== 'number' ||
      !server ||
      !cloud ||
      !trello ||
      !slack ||
      !teamsToken ||
      !botName ||
      !secretId ||
      !region
    ) {
      return undefined
    }
    return { pid, server, cloud, trello, slack, teamsToken, botName, secretId, region }
  } catch {
    return undefined
  }
}

function textOf(value: object, field: string): string | undefined {
  const text: unknown = Reflect.get(value, field)
  return typeof text === 'string' ? text : undefined
}
