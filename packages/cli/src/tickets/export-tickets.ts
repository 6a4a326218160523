import type { Case } from 'ticket-core'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { writePrivateFile } from '../private-file.ts'
import type { Hint } from '../target.ts'
import { countOf } from '../text/layout.ts'
import { asciiJson } from '../text/printable.ts'
import { readCases } from './read-cases.ts'
import { fetchCase } from './show-ticket.ts'

export interface ExportOptions {
  readonly ids: readonly string[]
  readonly team?: string | undefined
  readonly to?: string | undefined
  /** With `to`: what was written, as JSON. Cases are JSON lines always. */
  readonly json?: boolean | undefined
  readonly hint: Hint
}

/** Writes cases as JSON lines, whole: to standard output, or to a new file that only its owner can read. */
export async function exportTickets(system: System, context: CommandContext, options: ExportOptions): Promise<number> {
  const { to, json } = options
  if (to === undefined) {
    const { unreadable } = await exportAll(system, context, { ...options, write: (line) => context.print(line) })
    return unreadable === 0 ? 0 : 1
  }
  return writePrivateFile({ cwd: context.cwd, given: to }, async (put) => {
    const { count, unreadable } = await exportAll(system, context, { ...options, write: (line) => put(`${line}\n`) })
    context.print(json ? asciiJson({ tickets: count, to }) : `${countOf(count, 'ticket')} written to ${to}`)
    return unreadable === 0 ? 0 : 1
  })
}

async function exportAll(
  system: System,
  context: CommandContext,
  { ids, team, hint, write }: ExportOptions & { readonly write: (line: string) => Promise<void> | void },
): Promise<{ readonly count: number; readonly unreadable: number }> {
  let count = 0
  const put = async (known: Case): Promise<void> => {
    await write(asciiJson(known))
    count += 1
  }
  for (const id of ids) await put(await fetchCase(system, id, hint))
  const unreadable: string[] = []
  if (ids.length === 0)
    for await (const { item } of readCases(system, context, unreadable))
      if (team === undefined || item.team === team) await put(item)
  return { count, unreadable: unreadable.length }
}
