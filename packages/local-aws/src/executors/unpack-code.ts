import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { unzipSync } from 'fflate'

/**
 * Unpacks a function's zip once for each digest and returns the folder. Incomplete code is never visible: the folder
 * is created by a rename. Throws {@link UnsafeZipError} if an entry is outside of it.
 */
export function unpackCode(options: { directory: string; codeSha256: string; code: () => Uint8Array }): string {
  const home = join(options.directory, Buffer.from(options.codeSha256, 'base64').toString('hex').slice(0, 40))
  const root = join(home, 'task')
  if (existsSync(root)) return realpathSync(root)
  const draft = join(options.directory, `draft-${randomUUID()}`)
  mkdirSync(join(draft, 'task'), { recursive: true })
  // Without this, the nearest package.json above would decide whether the function's `.js` files are ES modules.
  writeFileSync(join(draft, 'package.json'), '{}\n')
  try {
    writeEntries(join(draft, 'task'), unzipSync(options.code()))
    renameOrKeep(draft, home)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return realpathSync(root)
}

/** A zip has an entry whose path leaves the target folder. */
class UnsafeZipError extends Error {
  override readonly name = 'UnsafeZipError'
}

/** True if every entry of a zip stays inside the target folder, on every platform. */
function isSafeEntry(name: string): boolean {
  const parts = name.split(/[/\\]/u)
  return !parts.includes('..') && !name.startsWith('/') && !name.startsWith('\\') && !/^[A-Za-z]:/u.test(name)
}

/** True if entries of these names can be unpacked into one folder without an error. */
export function canBeUnpacked(names: readonly string[]): boolean {
  const files = new Set(names.filter((name) => !name.endsWith('/')).map(plain))
  return names.every((name) => {
    const parts = plain(name).split('/')
    if (!isSafeEntry(name) || name.includes('\0') || Buffer.byteLength(name) > MAX_PATH_BYTES) return false
    if (parts.some((part) => part === '' || Buffer.byteLength(part) > MAX_NAME_BYTES)) return false
    // No file is also a parent folder of another.
    const isFolder = name.endsWith('/')
    return parts.every((_part, at) => {
      const folder = parts.slice(0, at + (isFolder ? 1 : 0)).join('/')
      return folder === '' || !files.has(folder)
    })
  })
}

/** Linux's limits for a name, and for a path minus the length of the target folder's own. */
const MAX_NAME_BYTES = 255
const MAX_PATH_BYTES = 3500

function plain(name: string): string {
  return name
    .split('/')
    .filter((part, at, all) => part !== '.' && !(part === '' && at === all.length - 1))
    .join('/')
}

function writeEntries(root: string, entries: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(entries)) {
    const target = resolve(root, name)
    if (!isSafeEntry(name) || !(target + sep).startsWith(root + sep)) {
      throw new UnsafeZipError(`the zip holds an entry that would leave its folder: ${JSON.stringify(name)}`)
    }
    if (name.endsWith('/')) {
      mkdirSync(target, { recursive: true })
      continue
    }
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
}

function renameOrKeep(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    // Another process unpacked the same code first: use its folder.
    if (!existsSync(to)) throw error
  }
}
