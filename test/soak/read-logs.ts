import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Whose log it is. */
  readonly file: string
  readonly text: string
}

/** All lines of a run's logs, file by file. */
export async function* readLogs(folder: string): AsyncGenerator<LogLine, void> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.log'))
  for (const file of files) {
    let at = 0
    for await (const text of createInterface({ input: createReadStream(join(folder, file)), crlfDelay: Infinity })) {
      at = timeOf(text) ?? at
      yield { at, file: file.replace(/\.log$/, ''), text }
    }
  }
}

/** How often each kind of trouble was written down: errors of ours by event, defects of the cloud, bare stack traces. */
export async function countTrouble(folder: string): Promise<Record<string, number>> {
  const counts = new Map<string, number>()
  for await (const { file, text } of readLogs(folder)) {
    const kind = troubleIn(text)
    if (kind !== undefined) counts.set(`${file}: ${kind}`, (counts.get(`${file}: ${kind}`) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function troubleIn(text: string): string | undefined {
  // A function's own lines stand within lines of the cloud, with their quotes escaped.
  const plain = text.replaceAll('\\"', '"')
  if (plain.includes('"level":"error"')) return /"event":"([^"]+)"/.exec(plain)?.[1] ?? 'error'
  if (plain.includes('InternalFailure')) return 'InternalFailure'
  if (/"error":"(Runtime|Sandbox)\./.test(plain)) return /"error":"([\w.]+)/.exec(plain)?.[1]
  return text !== '' && !text.startsWith('{') && /Error\b/.test(text) ? text.trim().slice(0, 120) : undefined
}

/** A line that is not ours has no time, and belongs to the one before it. */
function timeOf(text: string): number | undefined {
  const at = /"at":(\d{13})/.exec(text)?.[1]
  if (at !== undefined) return Number(at)
  const time = /"time":"([^"]+)"/.exec(text)?.[1]
  return time === undefined ? undefined : Date.parse(time)
}
