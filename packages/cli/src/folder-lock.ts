import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CliError } from './cli-error.ts'
import { checkSpace, makePrivate } from './private-folder.ts'

/** Milliseconds: another command needs less to check whether the folder is locked. */
const LOCK_TIMEOUT_MS = 500

/**
 * Locks a state folder for this process, so that no two testbeds write to it. Undefined if another process has the lock.
 * The operating system releases the lock of an open SQLite transaction when its process ends, on every platform. A file
 * with a process id would survive a kill, and the id would later name another process.
 * https://www.sqlite.org/lockingv3.html
 */
export function lockFolder(directory: string): (() => void) | undefined {
  const file = fileIn(directory)
  makePrivate(directory)
  checkSpace(directory)
  // SQLite itself would create it readable for all.
  closeSync(openSync(file, 'a', 0o600))
  try {
    return takeLock(file, LOCK_TIMEOUT_MS)
  } catch (error) {
    throw new CliError(`${file} cannot be used: ${describe(error)}`)
  }
}

/** Whether some process has the folder locked now. */
export function isLocked(directory: string): boolean {
  const file = fileIn(directory)
  if (!existsSync(file)) return false
  try {
    const release = takeLock(file, 0)
    release?.()
    return release === undefined
  } catch {
    // No process holds a file that cannot be locked.
    return false
  }
}

function takeLock(file: string, timeout: number): (() => void) | undefined {
  const database = new DatabaseSync(file, { timeout: timeout })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (codeOf(error) === BUSY) return undefined
    throw error
  }
  return () => database.close()
}

/** https://www.sqlite.org/rescode.html */
const BUSY = 5
const DAMAGED = new Set([11, 26])

function codeOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined
  return typeof code === 'number' ? code % 256 : undefined
}

function describe(error: unknown): string {
  const code = codeOf(error)
  if (code === undefined) throw error
  if (DAMAGED.has(code)) return 'it is damaged. It holds nothing but the lock of this folder: delete it'
  return `${error instanceof Error ? error.message : String(error)}. Run it in a folder where you may write`
}

function fileIn(directory: string): string {
  return join(directory, 'held.sqlite')
}
