import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { unzipSync } from 'fflate'

/**
 * Unpacks a function's zip once for each digest and returns the folder. Half-unpacked code is never seen: the folder
 * appears by a rename. Throws {@link UnsafeZipError} when an entry would land outside of it.
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

/** An entry of a zip whose name leads out of the folder that it is unpacked to. */
class UnsafeZipError extends Error {
  override readonly name = 'UnsafeZipError'
}

/** True when every entry of a zip stays inside the folder it is unpacked to, on every platform. */
export function isSafeEntry(name: string): boolean {
  const parts = name.split(/[/\\]/u)
  return !parts.includes('..') && !name.startsWith('/') && !name.startsWith('\\') && !/^[A-Za-z]:/u.test(name)
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
    // Another process unpacked the same code first: its folder is as good as ours.
    if (!existsSync(to)) throw error
  }
}
