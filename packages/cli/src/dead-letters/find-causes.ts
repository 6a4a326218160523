import { CliError } from '../cli-error.ts'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'
import type { Cause } from './cause.ts'
import { groupByCause, hasCause } from './cause.ts'
import type { DamagedLetter, LetterSummary } from './read-letters.ts'
import { readLetters, summarise } from './read-letters.ts'

/** What is said where there is nothing. */
export const NONE = { waiting: 'no dead letters wait for anybody', closed: 'no dead letters' } as const

/** Causes that an error names. */
const NAMED = 20

/** The causes of all letters that wait, and with `closed` of the others too; or of those what `--cause` names. */
export async function findCauses(
  system: System,
  context: CommandContext,
  { cause, closed = false }: { readonly cause?: string | undefined; readonly closed?: boolean | undefined },
): Promise<{ readonly causes: readonly Cause[]; readonly damaged: readonly DamagedLetter[] }> {
  const letters: LetterSummary[] = []
  const damaged = await readLetters(system, context, (letter) => {
    const summary = summarise(letter)
    if (closed || summary.state === 'waits') letters.push(summary)
  })
  // Named among all of them, so that a name means the same whether one cause or all were asked for.
  const all = groupByCause(letters)
  if (cause === undefined || all.length === 0) return { causes: all, damaged }
  const causes = all.filter(({ letters: [first] }) => first !== undefined && hasCause(first, cause))
  if (causes.length > 0) return { causes, damaged }
  const known = all.slice(0, NAMED).map(({ name, letters: { length } }) => `  ${name} (${countOf(length, 'letter')})`)
  const left = all.length > NAMED ? [`  … and ${all.length - NAMED} more`] : []
  const given = printableLine(cause)
  throw new CliError(
    [`--cause: no letter has the cause "${given}"; these are the causes:`, ...known, ...left].join('\n'),
  )
}
