import { type IndexStore, indexPrefixOfAll, teamPartOf } from 'ticket-core'

/** A part of a list of the index, in the order of keys. */
export interface KeyRange {
  readonly prefix: string
  readonly after: string
  /** Only keys before it. */
  readonly before: string
}

export interface ListedKeys {
  readonly keys: readonly string[]
  /** Why there may be more. */
  readonly reason?: string
}

/** Calls in one sweep. */
const MOST_PAGES = 100
const PAGE = 1000
/** In the order of keys, behind every other one. */
export const END = '~'

/**
 * Keys of open tickets, of all teams: with one call where there are no more than a thousand, else only the ranges that
 * are asked for, team by team.
 */
export async function listOpen(
  index: Pick<IndexStore, 'list'>,
  rangesOf: (team: string) => readonly KeyRange[],
): Promise<ListedKeys> {
  const all = indexPrefixOfAll('open')
  const whole = await index.list(all, { limit: PAGE })
  if (whole.kind === 'unavailable') return { keys: [], reason: whole.reason }
  if (whole.isLast) return { keys: whole.keys.filter((key) => rangesOf(teamPartOf(key) ?? '').some(holds(key))) }

  const keys: string[] = []
  let team = teamPartOf(whole.keys[0] ?? '')
  let left = team === undefined ? [] : [...rangesOf(team)]
  for (let page = 1; page < MOST_PAGES; page += 1) {
    const range = left.shift()
    if (range) {
      const listed = await index.list(range.prefix, { limit: PAGE, after: range.after })
      if (listed.kind === 'unavailable') return { keys, reason: listed.reason }
      keys.push(...listed.keys.filter((key) => key < range.before))
      const last = listed.keys.at(-1)
      if (!listed.isLast && last !== undefined && last < range.before) left.unshift({ ...range, after: last })
    } else {
      if (team === undefined) return { keys }
      const next = await index.list(all, { limit: 1, after: `${all}${team}/${END}` })
      if (next.kind === 'unavailable') return { keys, reason: next.reason }
      team = teamPartOf(next.keys[0] ?? '')
      left = team === undefined ? [] : [...rangesOf(team)]
    }
  }
  return { keys, reason: `The index of open tickets has more than ${MOST_PAGES} pages.` }
}

function holds(key: string): (range: KeyRange) => boolean {
  return ({ prefix, after, before }) => key.startsWith(prefix) && key > after && key < before
}
