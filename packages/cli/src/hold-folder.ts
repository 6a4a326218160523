import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Milliseconds: as long as another command may need to find out whether the folder is held. */
const PATIENCE = 500

/**
 * Holds a state folder for this process, so that no two testbeds write into it; undefined when another one holds it.
 * The system takes the lock of an open SQLite transaction away with its process, however that ends, on every platform:
 * a file with a process id would outlive a kill, and its number would come to name somebody else.
 * https://www.sqlite.org/lockingv3.html
 */
export function holdFolder(directory: string): (() => void) | undefined {
  mkdirSync(directory, { recursive: true })
  return takeLock(fileIn(directory), PATIENCE)
}

/** Whether some process holds the folder now. */
export function isHeld(directory: string): boolean {
  const file = fileIn(directory)
  if (!existsSync(file)) return false
  const release = takeLock(file, 0)
  release?.()
  return release === undefined
}

function takeLock(file: string, patience: number): (() => void) | undefined {
  const database = new DatabaseSync(file, { timeout: patience })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return () => database.close()
}

/** SQLITE_BUSY: https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'errcode') === 5
}

function fileIn(directory: string): string {
  return join(directory, 'held.sqlite')
}
