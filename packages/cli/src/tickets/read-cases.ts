import { listCases, type Listed } from 'ticket-adapters/s3'
import type { Case } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'

/** A case as it is stored. The key is its ticket's id, or that and a digest. */
export type ListedCase = Extract<Listed<Case>, { kind: 'item' }>

/** All cases, with progress. Those that cannot be read go to `unreadable`, and are printed. */
export async function* readCases(
  { store }: System,
  context: CommandContext,
  unreadable: string[],
): AsyncGenerator<ListedCase, void> {
  let count = 0
  for await (const listed of listCases(store)) {
    if (context.stop.aborted) throw new CliError(`interrupted after ${countOf(count, 'case')}; run it again`)
    if (listed.kind === 'broken-off') throw new CliError(`the list broke off: ${listed.reason} Run it again`)
    count += 1
    context.progress(`reading the cases: ${countOf(count, 'case')}`)
    if (listed.kind === 'item') yield listed
    else {
      unreadable.push(listed.key)
      context.printError(`${printableLine(listed.key)} cannot be read: ${printableLine(listed.reason)}`)
    }
  }
  context.progress('')
}
