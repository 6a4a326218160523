import { chmodSync, lstatSync, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from './cli-error.ts'

/** Bits that others than the owner have. */
const OTHERS = 0o077

/**
 * Makes a folder that only its owner can look into, and takes away what others may do with one that is there: tickets
 * are people's, and the running file holds a token. Windows has other rights, which the home folder gives.
 */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.platform !== 'win32') closeToOthers(folder)
}

function closeToOthers(path: string): void {
  const stats = lstatSync(path)
  // A link's own rights are of no use, and what it leads to is not ours to change.
  if (stats.isSymbolicLink()) return
  if ((stats.mode & OTHERS) !== 0) chmodSync(path, stats.mode & 0o700)
  if (stats.isDirectory()) for (const name of readdirSync(path)) closeToOthers(join(path, name))
}

/** Bytes: some thousand tickets with all that is kept of them. */
const NEEDED = 20 * 1024 * 1024

/** Refuses to start on a disk that would be full before anything has happened. */
export function checkSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free >= NEEDED) return
  const [has, needs] = [free, NEEDED].map((bytes) => (bytes / 1024 / 1024).toFixed(1))
  throw new CliError(
    `the disk of ${folder} has ${has} MB free, and ${needs} MB are needed; free some space, or run it in another folder`,
  )
}

/** What this process writes from now on is its owner's alone, until the returned function is called. */
export function writePrivately(): () => void {
  const before = process.umask(OTHERS)
  return () => void process.umask(before)
}
