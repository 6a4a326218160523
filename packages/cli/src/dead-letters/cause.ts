import { createHash } from 'node:crypto'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'
import { readLetters, summarise } from './read-letters.ts'
import type { DamagedLetter, LetterSummary } from './read-letters.ts'

/** Letters that died of the same thing. */
export interface Cause {
  /** What `--cause` takes: the code, with a digest of the reason's pattern where one code has several. */
  readonly name: string
  readonly code: string
  /** The newest letter's; of the others it differs in ids, numbers or addresses only. */
  readonly reason: string
  /** Oldest first. */
  readonly letters: readonly LetterSummary[]
  readonly oldest: number
  readonly newest: number
  /** How many nobody was told of. */
  readonly untold: number
}

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

/** One group a cause, the largest first. Twenty times the same answer is one cause, whatever ids it names. */
function groupByCause(letters: readonly LetterSummary[]): Cause[] {
  const groups = Map.groupBy(letters, ({ code, reason }) => `${nameCode(code)}:${digestPattern(reason)}`)
  const perCode = new Map<string, number>()
  for (const key of groups.keys()) perCode.set(codeOf(key), (perCode.get(codeOf(key)) ?? 0) + 1)
  return [...groups]
    .map(([key, group]) => makeCause(perCode.get(codeOf(key)) === 1 ? codeOf(key) : key, group))
    .toSorted((one, other) => other.letters.length - one.letters.length || (one.name < other.name ? -1 : 1))
}

/** Whether a letter died of what `--cause` names: a code with all its reasons, or one of them. */
export function hasCause({ code, reason }: LetterSummary, name: string): boolean {
  return name === nameCode(code) || name === `${nameCode(code)}:${digestPattern(reason)}`
}

function makeCause(name: string, group: readonly LetterSummary[]): Cause {
  const letters = group.toSorted((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1))
  const newest = letters.at(-1)
  return {
    name,
    code: newest?.code ?? '',
    reason: newest?.reason ?? '',
    letters,
    oldest: letters[0]?.at ?? 0,
    newest: newest?.at ?? 0,
    untold: letters.filter(({ state, toldAt }) => state === 'waits' && toldAt === undefined).length,
  }
}

function codeOf(key: string): string {
  return key.slice(0, key.lastIndexOf(':'))
}

/** Ours are shorter. */
const LONGEST_CODE = 24

/** A code as it can be typed, and never an option: it came with a message, and anybody can put anything there. */
function nameCode(code: string): string {
  return (
    code
      .replaceAll(/[^\w.-]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, LONGEST_CODE) || 'no-code'
  )
}

/**
 * What is the same in every reason of one cause: addresses, ids (any word with a digit in it) and numbers are only
 * where it happened, or to whom.
 */
function digestPattern(reason: string): string {
  const pattern = reason
    .replaceAll(/\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi, '#')
    .replaceAll(/[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_.:-]*/gu, '#')
    .replaceAll(/\s+/g, ' ')
  return createHash('sha256').update(pattern).digest('hex').slice(0, 6)
}
