import { chmodSync, lstatSync, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from './cli-error.ts'

/** The permission bits of group and others. */
const OTHERS = 0o077

/**
 * Makes a folder private, in one that exists, and removes the permissions of others from an existing one: tickets hold personal data, and the
 * running file holds a token. On Windows the permissions come from the home folder.
 */
export function makePrivate(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found?.isSymbolicLink() === true)
    throw new CliError(`${folder} is a link, and others may be able to read its target; put a folder in its place`)
  // Node's recursive mkdir never ends in /proc: it tries each ENOENT again
  if (found?.isDirectory() !== true) mkdirSync(folder, { mode: 0o700 })
  if (process.platform !== 'win32') closeToOthers(folder)
}

function closeToOthers(path: string): void {
  const stats = lstatSync(path)
  // The mode of a link has no effect, and its target is not ours to change.
  if (stats.isSymbolicLink()) return
  if ((stats.mode & OTHERS) !== 0) chmodSync(path, stats.mode & 0o700)
  if (stats.isDirectory()) for (const name of readdirSync(path)) closeToOthers(join(path, name))
}

/** Bytes: enough for some thousand tickets. */
const NEEDED = 20 * 1024 * 1024

/** Refuses to start on a disk that is almost full. */
export function checkSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free >= NEEDED) return
  const [has, needs] = [free, NEEDED].map((bytes) => (bytes / 1024 / 1024).toFixed(1))
  throw new CliError(
    `the disk of ${folder} has ${has} MB free, and ${needs} MB are needed; free some space, or run it in another folder`,
  )
}

/** New files of this process are private, until the returned function is called. */
export function writePrivately(): () => void {
  const before = process.umask(OTHERS)
  return () => void process.umask(before)
}
