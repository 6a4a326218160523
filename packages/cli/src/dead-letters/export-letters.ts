import { open, rm, type FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DeadLetter } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { asciiJson } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'
import { hasCause, findCauses, NONE } from './cause.ts'
import type { Hint } from '../target.ts'
import { printDamage, readLetters, summarise } from './read-letters.ts'
import { fetchLetter } from './show-letter.ts'

export interface ExportOptions {
  readonly keys: readonly string[]
  readonly cause?: string | undefined
  readonly closed?: boolean | undefined
  readonly to?: string | undefined
  readonly body?: boolean | undefined
  readonly hint: Hint
}

type Write = (text: string) => Promise<void> | void

/** Writes letters as JSON lines, or the body of one message. A failed export leaves no file. */
export async function exportLetters(system: System, context: CommandContext, options: ExportOptions): Promise<number> {
  const { to, keys, body } = options
  if (to === undefined) {
    const { damaged } = await exportAll(system, context, { ...options, write: (line) => context.print(line) })
    return damaged === 0 ? 0 : 1
  }
  const path = resolve(context.cwd, to)
  const file = await createFile(path, to)
  try {
    if (body) {
      const letter = await fetchLetter(system, keys[0] ?? '', options.hint)
      await file.writeFile(letter.message.body, 'utf8')
      context.print(`the message of ${letter.key} is in ${to}`)
      return 0
    }
    const write: Write = (line) => file.writeFile(`${line}\n`, 'utf8')
    const { count, damaged } = await exportAll(system, context, { ...options, write })
    context.print(`${countOf(count, 'letter')} written to ${to}`)
    return damaged === 0 ? 0 : 1
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

async function exportAll(
  system: System,
  context: CommandContext,
  { keys, cause, closed = false, write, hint }: ExportOptions & { readonly write: Write },
): Promise<{ count: number; damaged: number }> {
  let count = 0
  const put = async (letter: DeadLetter): Promise<void> => {
    await write(asciiJson(letter))
    count += 1
  }
  if (keys.length > 0) {
    for (const key of keys) await put(await fetchLetter(system, key, hint))
    return { count, damaged: 0 }
  }
  // Fails for an unknown cause, in place of an empty file.
  if (cause !== undefined) await findCauses(system, context, { cause, closed })
  const damaged = await readLetters(system, context, async (letter) => {
    const summary = summarise(letter)
    if ((closed || summary.state === 'waits') && (cause === undefined || hasCause(summary, cause))) await put(letter)
  })
  printDamage(damaged, context)
  if (count === 0) context.printError(NONE[closed ? 'closed' : 'waiting'])
  return { count, damaged: damaged.length }
}

/** Creates a file that only its owner can read: tickets hold personal data. Never overwrites a file. */
async function createFile(path: string, given: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    if (code === 'EEXIST') throw new CliError(`--to: ${given} is there already; name a new file`)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new CliError(`--to: the folder of ${given} is not there; make it first`)
    throw error
  }
}
