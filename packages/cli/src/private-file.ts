import { open, rm, type FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError } from './cli-error.ts'

/**
 * Writes a new file that only its owner can read: tickets hold personal data. What fails leaves no file. `given` is the
 * path as the user wrote it after the option.
 */
export async function writePrivateFile<Result>(
  { cwd, given, option = '--to' }: { readonly cwd: string; readonly given: string; readonly option?: string },
  write: (put: (text: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const path = resolve(cwd, given)
  const file = await createFile(path, { given, option })
  try {
    return await write((text) => file.writeFile(text, 'utf8'))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Never overwrites a file. */
async function createFile(
  path: string,
  { given, option }: { readonly given: string; readonly option: string },
): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    if (code === 'EEXIST') throw new CliError(`${option}: ${given} is there already; name a new file`)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new CliError(`${option}: the folder of ${given} is not there; make it first`)
    throw error
  }
}
