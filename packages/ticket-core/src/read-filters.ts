import { findNear } from './near-word.ts'
import { PRIORITIES } from './priority.ts'
import type { Request, Unclear } from './request.ts'
import { findTicketIds } from './ticket-id.ts'

const SILENT: ReadonlySet<string> = new Set(
  'list show all tickets open and my me please priority only the ticket'.split(' '),
)
const MORE: readonly string[] = ['more', 'after', 'next']
const FILTERS = ['mine', 'unassigned', 'closed', ...PRIORITIES] as const
const KNOWN: readonly string[] = [...FILTERS, ...MORE]
const LONGEST = 100

/** Reads the words of a list, in any order. Other words make it a sentence; in a short text they are misspelt. */
export function readFilters(text: string): Request | undefined {
  if (text.length > LONGEST) return undefined
  const [last, ...others] = findTicketIds(text)
  const words: readonly string[] =
    (last ? text.slice(0, last.start) + text.slice(last.end) : text).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const strange = words.filter((word) => !KNOWN.includes(word) && !SILENT.has(word))
  if (others.length > 0) return undefined
  if (strange.length > 0) {
    if (words.length > 3) return undefined
    return suggest(text, words) ?? (/^list\s/i.test(text) ? unclear('unknown', text, ['list', 'list high']) : undefined)
  }
  const has = (word: string): boolean => words.includes(word)
  const isMore = MORE.some(has)
  if (last && !isMore)
    return unclear('unknown', text, [
      `${/^open/i.test(text) ? 'reopen' : 'status'} ${last.id}`,
      `list after ${last.id}`,
    ])
  if (!last && isMore) return unclear('which-more', text, ['list after T-…'])
  const isMine = has('mine') || has('my')
  const which = isMine ? 'mine' : has('closed') ? 'closed' : has('unassigned') ? 'unassigned' : 'open'
  const priority = PRIORITIES.findLast(has)
  if (priority !== undefined && (which === 'mine' || which === 'closed'))
    return unclear('filters', text, [`list ${priority}`, which === 'mine' ? which : `list ${which}`])
  return { kind: 'list', which, ...(priority && { priority }), ...(last && { after: last.id }) }
}

/** The list with its misspelt words put right; undefined when one of them is like none. */
function suggest(text: string, words: readonly string[]): Request | undefined {
  const meant = words.map((word) => correct(word))
  if (meant.includes(undefined)) return undefined
  return unclear('unknown', text, [meant.join(' ')])
}

/** A short word is near too many others. */
function correct(word: string): string | undefined {
  if (SILENT.has(word) || KNOWN.includes(word)) return word
  return word.length < 4 ? undefined : findNear(word, KNOWN, 5)
}

function unclear(why: Unclear, said: string, suggestions: readonly string[]): Request {
  return { kind: 'unclear', why, said, suggestions }
}
