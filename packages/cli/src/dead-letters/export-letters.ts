import type { DeadLetter } from 'ticket-core'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { asciiJson } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'
import { writePrivateFile } from '../private-file.ts'
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
  /** With `to`: what was written, as JSON. Letters are JSON lines always. */
  readonly json?: boolean | undefined
  readonly hint: Hint
}

type Write = (text: string) => Promise<void> | void

/** Writes letters as JSON lines, or the body of one message. A failed export leaves no file. */
export async function exportLetters(system: System, context: CommandContext, options: ExportOptions): Promise<number> {
  const { to, keys, body, json } = options
  if (to === undefined) {
    const { damaged } = await exportAll(system, context, { ...options, write: (line) => context.print(line) })
    return damaged === 0 ? 0 : 1
  }
  return writePrivateFile({ cwd: context.cwd, given: to }, async (put) => {
    if (body) {
      const letter = await fetchLetter(system, keys[0] ?? '', options.hint)
      await put(letter.message.body)
      context.print(json ? asciiJson({ letters: 1, to }) : `the message of ${letter.key} is in ${to}`)
      return 0
    }
    const { count, damaged } = await exportAll(system, context, { ...options, write: (line) => put(`${line}\n`) })
    context.print(json ? asciiJson({ letters: count, to }) : `${countOf(count, 'letter')} written to ${to}`)
    return damaged === 0 ? 0 : 1
  })
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
