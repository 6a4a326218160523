import { appendFileSync, closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import type { EgressAttempt } from './egress-refused.ts'

/** Attempts of this process and its children, one line each in one file. Written before the caller gets the error. */
export interface EgressReport {
  add(attempt: EgressAttempt): void
  /** The attempts since the last call. */
  take(): EgressAttempt[]
}

/** @param path of the file; created if it does not exist */
export function openReport(path: string): EgressReport {
  writeFileSync(path, '', { flag: 'a' })
  // Earlier attempts belong to another reader of the file.
  let read = statSync(path).size
  return {
    add: (attempt) => appendFileSync(path, `${JSON.stringify(attempt)}\n`),
    take() {
      const size = statSync(path).size
      if (size === read) return []
      const text = readFrom(path, { start: read, size: size - read })
      // A child may be in the middle of a line.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      read += Buffer.byteLength(whole)
      return whole
        .split('\n')
        .filter((line) => line !== '')
        .map(readAttempt)
    },
  }
}

function readFrom(path: string, { start, size }: { start: number; size: number }): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(size)
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, size, start))
  } finally {
    closeSync(file)
  }
}

function readAttempt(line: string): EgressAttempt {
  const value: unknown = JSON.parse(line)
  const field = (name: keyof EgressAttempt): string | undefined => {
    const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
    return typeof text === 'string' ? text : undefined
  }
  const process = field('process')
  return {
    origin: field('origin') ?? line,
    caller: field('caller') ?? 'unknown code',
    ...(process !== undefined && { process }),
  }
}
