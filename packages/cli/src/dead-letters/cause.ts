import { createHash } from 'node:crypto'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'
import { readLetters, summarise, type DamagedLetter, type LetterSummary } from './read-letters.ts'

/** Letters with the same cause. */
export interface Cause {
  /** The name for `--cause`: the code, with a digest of the reason's pattern if the code has several. */
  readonly name: string
  readonly code: string
  /** The reason of the newest letter. The others differ only in ids, numbers or addresses. */
  readonly reason: string
  /** Oldest first. */
  readonly letters: readonly LetterSummary[]
  readonly oldest: number
  readonly newest: number
  /** How many have no notice yet. */
  readonly notNotified: number
}

/** The text of an empty list. */
export const NONE = { waiting: 'no dead letters are waiting', closed: 'no dead letters' } as const

/** How many causes an error names. */
const NAMED = 20

/** The causes of all waiting letters, with `closed` of the others too; or only the one that `--cause` names. */
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
  // A name depends on all causes, so that it is the same with and without `--cause`.
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

/** One group for each cause, the largest first. Equal answers with different ids are one cause. */
function groupByCause(letters: readonly LetterSummary[]): Cause[] {
  const groups = Map.groupBy(letters, ({ code, reason }) => `${nameCode(code)}:${digestPattern(reason)}`)
  const perCode = new Map<string, number>()
  for (const key of groups.keys()) perCode.set(codeOf(key), (perCode.get(codeOf(key)) ?? 0) + 1)
  return [...groups]
    .map(([key, group]) => makeCause(perCode.get(codeOf(key)) === 1 ? codeOf(key) : key, group))
    .toSorted((one, other) => other.letters.length - one.letters.length || (one.name < other.name ? -1 : 1))
}

/** Whether a letter has the cause that `--cause` names: a code with all its reasons, or one of them. */
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
    notNotified: letters.filter(({ state, toldAt }) => state === 'waits' && toldAt === undefined).length,
  }
}

function codeOf(key: string): string {
  return key.slice(0, key.lastIndexOf(':'))
}

/** Our own codes are shorter. */
const LONGEST_CODE = 24

/** A code that can be typed and is never an option. It came with a message, so it may hold any text. */
function nameCode(code: string): string {
  return (
    code
      .replaceAll(/[^\w.-]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, LONGEST_CODE) || 'no-code'
  )
}

/**
 * The part that all reasons of one cause share. Addresses, ids (words with a digit) and numbers differ.
 */
function digestPattern(reason: string): string {
  const pattern = reason
    .replaceAll(/\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi, '#')
    .replaceAll(/[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_.:-]*/gu, '#')
    .replaceAll(/\s+/g, ' ')
  return createHash('sha256').update(pattern).digest('hex').slice(0, 6)
}
