import { type FoundVerb, findVerb, rowOf } from './command-table.ts'
import { isNothing, withoutCourtesy } from './courtesy.ts'
import type { Mention } from './find-mention.ts'
import type { Field } from './labels.ts'
import { normaliseLine, normaliseText } from './normalise-text.ts'
import { PRIORITIES, readPriority, suggestPriority } from './priority.ts'
import type { NamedPerson, Request, RequestedChange, TicketReference, Unclear } from './request.ts'
import { splitFields } from './split-fields.ts'
import { findTicketIds } from './ticket-id.ts'

/** A verb's ticket and the text behind both. */
export interface Arguments {
  readonly ticket: TicketReference
  readonly text: string
  readonly mentions: readonly Mention[]
}

/** Reads what a verb needs behind its ticket. */
export function readArguments({ verb }: FoundVerb, { ticket, text, mentions }: Arguments): Request {
  const id = ticket.from === 'thread' ? 'T-…' : (ticket.ids[0] ?? 'T-…')
  const change = (asked: RequestedChange): Request => ({ kind: 'change', verb, ticket, change: asked })
  const unclear = (why: Unclear, suggestions: readonly string[]): Request => ({
    kind: 'unclear',
    why,
    said: text.trim(),
    suggestions,
  })
  const rest = text.replace(SEPARATORS, '')
  switch (verb) {
    case 'status':
      return { kind: 'status', ticket }
    case 'ack':
    case 'take':
    case 'release':
      return isNothing(rest) ? change(SIMPLE[verb]) : unclear('extra-words', [`${verb} ${id}`, `comment ${id} ${rest}`])
    case 'assign': {
      const to = readPerson(rest, mentions)
      if (to === 'me') return change({ kind: 'taken' })
      if (to === 'no one') return change({ kind: 'released' })
      return to ? change({ kind: 'assigned', to }) : unclear('no-person', [`assign ${id} @Name`, `take ${id}`])
    }
    case 'comment': {
      const comment = normaliseText(rest)
      return comment === ''
        ? unclear('no-text', [`comment ${id} your text`])
        : change({ kind: 'commented', text: comment })
    }
    case 'priority': {
      const meantVerb = findVerb(rest.replace(/^(?:to|as)\s{1,4}/i, ''))
      const word = withoutCourtesy(rest).replace(/^(?:to|is|=|as)[\s:]{1,4}/i, '')
      const to = readPriority(word)
      const meant = suggestPriority(word)
      const suggested = meant ? [meant] : PRIORITIES.toReversed()
      return to
        ? change({ kind: 'priority-changed', to })
        : unclear(
            'no-priority',
            meantVerb && to === undefined && meant === undefined
              ? [`${meantVerb.verb} ${id}`, `priority ${id} high`]
              : suggested.map((priority) => `priority ${id} ${priority}`),
          )
    }
    case 'close':
    case 'reopen':
    case 'withdraw': {
      const others = listedAtStart(rest)
      if (others.length > 0)
        return unclear(
          'several-tickets',
          [id, ...others].map((one) => `${verb} ${one}`),
        )
      const reason = isNothing(rest) ? '' : normaliseText(rest)
      return change({ kind: ENDINGS[verb], ...(reason !== '' && { reason }) })
    }
    case 'edit': {
      const fields = readFields(rest)
      if (fields === 'others') return unclear('other-fields', [`priority ${id} high`, `comment ${id} your text`])
      if (fields) return change({ kind: 'edited', ...fields })
      const priority = readPriority(withoutCourtesy(rest).replace(/^to\s{1,4}/i, ''))
      if (priority) return unclear('no-fields', [`priority ${id} ${priority}`, `edit ${id} Title: a new title`])
      return unclear('no-fields', [`edit ${id} Title: a new title`, ...(rest === '' ? [] : [`comment ${id} ${rest}`])])
    }
    case 'help':
    case 'mine':
    case 'list':
      throw new Error(`${rowOf(verb).usage} is not about one ticket`)
  }
}

/** What may stand between the tickets of a list. */
const AND = /^(?:[\s\p{P}\p{S}]|(?:and|or|plus|also|ticket|as well as)(?![\p{L}\p{N}])){0,16}$/iu
/** Tickets of a list that are suggested. */
const MOST_LISTED = 9

/** More tickets, written as such, with which a text begins: `T-…, T-… and T-…`. A reason may name one later. */
function listedAtStart(text: string): readonly string[] {
  const ids: string[] = []
  let end = 0
  for (const found of findTicketIds(text.slice(0, LONGEST_LIST))) {
    const isWritten = /^t|[-‐‑–]/i.test(text.slice(found.start, found.end))
    if (!isWritten || !AND.test(text.slice(end, found.start))) break
    ids.push(found.id)
    end = found.end
  }
  return ids.slice(0, MOST_LISTED)
}

/** Characters. */
const LONGEST_LIST = 400

const SIMPLE = {
  ack: { kind: 'acknowledged' },
  take: { kind: 'taken' },
  release: { kind: 'released' },
} as const
const ENDINGS = { close: 'closed', reopen: 'reopened', withdraw: 'withdrawn' } as const

/** Between a ticket and what follows it: marks that close the id, then a separation. Later marks are the text's own. */
export const SEPARATORS: RegExp = /^[`'")\]}>*_]{0,4}(?:[:：,.;][*_]{1,2}(?=\s))?[\s\p{Cf},.:：;|–—-]{0,8}/u
/** Longer than any name in Teams. */
const LONGEST_NAME = 100

function readPerson(text: string, mentions: readonly Mention[]): NamedPerson | 'me' | 'no one' | undefined {
  const name = normaliseLine(withoutCourtesy(text).replace(/^(?:(?:to|for|is)[\s:]{1,4})?@?/i, '')).replace(
    /[\s.,;!?？]{1,4}$/,
    '',
  )
  if (name === '' || name.length > LONGEST_NAME || text.trim().includes('\n')) return undefined
  if (/^(?:me|myself|i)$/i.test(name)) return 'me'
  if (/^(?:nobody|no ?one|none)$/i.test(name)) return 'no one'
  return findMentioned(name, mentions) ?? { name }
}

/** The mention with this name. Teams splits a name into several mentions with one id. */
function findMentioned(name: string, mentions: readonly Mention[]): NamedPerson | undefined {
  const people = Map.groupBy(
    mentions.filter(({ isBot, id }) => isBot !== 'yes' && id !== undefined),
    ({ id }) => id,
  )
  for (const [id, parts] of people) {
    const account = parts[0]?.account
    const names = [parts.map((part) => part.name).join(' '), ...parts.map((part) => part.name), account]
    if (id !== undefined && names.some((one) => one !== undefined && sameName(one) === sameName(name)))
      return { name, id, ...(account !== undefined && { account }) }
  }
  return undefined
}

/** A name in the form in which names are compared. */
function sameName(name: string): string {
  return normaliseLine(name.normalize('NFKC')).replace(/^@/, '').toLowerCase()
}

/** Title and description: by label, or by the word alone: `edit T-… title New title`. */
function readFields(text: string): { title?: string; description?: string } | 'others' | undefined {
  const labelled = text.replace(/^(title|description)(?=\s)(?!\s*[:：])(?:\s{1,3}to(?=\s))?\s{1,3}/i, '$1: ')
  const { values } = splitFields(labelled)
  const others: readonly Field[] = ['priority', 'steps']
  if (others.some((field) => values.has(field))) return 'others'
  const title = normaliseLine(values.get('title') ?? '')
  const description = normaliseText(values.get('description') ?? '')
  if (title === '' && description === '') return undefined
  return { ...(title !== '' && { title }), ...(description !== '' && { description }) }
}
