import { findNear } from './near-word.ts'
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
    const meant =
      readOne(word) ?? PRIORITIES.find((priority) => SYNONYMS[priority].includes(word)) ?? findNear(word, PRIORITIES, 4)
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
