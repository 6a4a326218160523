import type { Priority } from './ticket.ts'

/** All priorities, least urgent first. */
export const PRIORITIES: readonly Priority[] = ['low', 'medium', 'high']

/** Words that people use instead: only suggested, never assumed. */
const SYNONYMS: Readonly<Record<Priority, readonly string[]>> = {
  low: 'minor trivial lowest p3 p4 3 4 later someday'.split(' '),
  medium: 'normal moderate average med mid middle default standard p2 2'.split(' '),
  high: 'urgent critical blocker major asap highest emergency immediate now severe important p0 p1 0 1'.split(' '),
}

/** Reads a priority in any case, with any punctuation or decoration around it. */
export function readPriority(text: string): Priority | undefined {
  const words = readWords(text)
  return words.length === 1 ? readOne(words[0] ?? '') : undefined
}

/** The priority that the user probably meant: "hgih", "High priority", "urgent". */
export function suggestPriority(text: string): Priority | undefined {
  for (const word of readWords(text)) {
    const meant = readOne(word) ?? PRIORITIES.find((priority) => SYNONYMS[priority].includes(word)) ?? findNear(word)
    if (meant) return meant
  }
  return undefined
}

function readOne(word: string): Priority | undefined {
  return PRIORITIES.find((priority) => priority === word)
}

/** A tenant's own emoji, as we write it: decoration like other emoji. */
const EMOJI_NAME = /:[\w+-]{1,64}:/g

/** Reads only the first words. NFKC makes `ｈｉｇｈ` `high`. */
function readWords(text: string): readonly string[] {
  return (
    text
      .slice(0, 80)
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(EMOJI_NAME, ' ')
      .match(/[\p{L}\p{N}]+/gu)
      ?.slice(0, 6) ?? []
  )
}

function findNear(word: string): Priority | undefined {
  return PRIORITIES.find((priority) => countEdits(word, priority) <= (priority.length < 4 ? 1 : 2))
}

/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
function countEdits(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return Infinity
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from.charAt(row - 1) === to.charAt(column - 1)
      let least = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (isSame ? 0 : 1),
      )
      const isSwap =
        row > 1 &&
        column > 1 &&
        from.charAt(row - 1) === to.charAt(column - 2) &&
        from.charAt(row - 2) === to.charAt(column - 1)
      if (isSwap) least = Math.min(least, cell(beforeLast, column - 2) + 1)
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return cell(last, to.length)
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}
