import { type CommandRow, type FoundVerb, findVerb, rowOf, SINGLE_WORDS, type Verb } from './command-table.ts'
import { COURTESY, isNothing } from './courtesy.ts'
import type { Mention } from './find-mention.ts'
import { findNear } from './near-word.ts'
import { readPriority, suggestPriority } from './priority.ts'
import { readArguments, SEPARATORS } from './read-arguments.ts'
import { readFilters } from './read-filters.ts'
import type { Request } from './request.ts'
import { findTicketIds, type FoundId } from './ticket-id.ts'

/** What surrounds the text of a command. */
export interface Surroundings {
  /** The one ticket that the answered message names. */
  readonly quoted?: string | undefined
  /** Lines of another text are quoted, and they name no ticket. */
  readonly quotesOther: boolean
  /** The tickets that the answered message, or the first one of the thread, would be. */
  readonly thread: readonly string[]
  /** The people and bots that the message mentions. */
  readonly mentions: readonly Mention[]
}

/** Marks that may stand before a command. */
const MARKS = /^[\s\p{Cf}\p{Extended_Pictographic}\p{EMod}\uFE0F/,.:;!-]{1,8}/u
/** What may stand between a verb and its ticket. */
const LINK =
  /^[\s\p{Cf},.:;#>–—-]{0,8}(?:(?:on|to|for|of|from|into|in|at|the|ticket|no\.?|number|is|about|with)(?![\p{L}\p{N}])[\s:#-]{0,4}){0,3}/iu
/** Sentences can name a ticket; a command with a ticket inside is not longer than this. Characters. */
const LONGEST_COMMAND = 300
/** Words of a text that may be a misspelt command though it names no ticket. */
const MOST_WORDS = 2

/**
 * Reads a command: verb first or ticket first. Undefined for what is no command, such as the text of a ticket that only
 * begins with a verb: a verb counts when a ticket is named beside it, or when nothing follows that could be a sentence.
 */
export function readRequest(said: string, around: Surroundings): Request | undefined {
  const start = said.replace(MARKS, '')
  if (start === '') return undefined
  const text = start.replace(COURTESY, '')
  if (text === '') return around.quotesOther ? undefined : { kind: 'help' }
  const named = idAtStart(text)
  if (named) return readTicketFirst(text, named, around)
  const verb = findVerb(text)
  if (!verb) return readMisspelt(text)
  return readVerbFirst(text, around)
}

function readTicketFirst(text: string, { id, end }: FoundId, around: Surroundings): Request {
  const words = text.slice(end).replace(SEPARATORS, '')
  const rest = words.replace(/^(?:is|→|=>|->)(?![\p{L}\p{N}])[\s:]{0,4}/iu, '').replace(COURTESY, '')
  const ticket = { ids: [id], from: 'text' } as const
  if (isNothing(rest)) return { kind: 'status', ticket }
  const verb = findVerb(rest, takesTicket)
  if (verb)
    return readArguments(verb, { ticket, text: rest.slice(verb.end).replace(PRONOUN, ''), mentions: around.mentions })
  if (/^mine(?![\p{L}\p{N}])/iu.test(rest)) return unclear(rest, [`take ${id}`, `status ${id}`])
  const priority = readPriority(rest) ?? (/\s/.test(rest.trim()) ? undefined : suggestPriority(rest))
  if (priority) return unclear(rest, [`priority ${id} ${priority}`])
  const meant = nearestVerb(rest, 'loose')
  if (meant) return unclear(rest, [`${meant.verb} ${id}${meant.rest}`])
  if (isNothing(rest.replace(/^open/i, ''))) return unclear(rest, [`reopen ${id}`, `status ${id}`])
  return unclear(rest, [`comment ${id} ${words}`, `status ${id}`])
}

function readVerbFirst(text: string, around: Surroundings): Request | undefined {
  const { mentions } = around
  const named = findVerb(text, takesTicket)
  const found = named && findTicket(named, text)
  if (named && found)
    return readArguments(named, { ticket: { ids: [found.id], from: 'text' }, text: found.rest, mentions })
  const again = reopened(text)
  if (again) return again
  const plain = findVerb(text, (row) => !takesTicket(row))
  const listed = plain && readPlain(plain, text)
  if (listed) return listed
  return named && readWithoutTicket(named, text.slice(named.end), around)
}

/** "open T-… again": a list cannot be opened, and only a suggestion is made. */
function reopened(text: string): Request | undefined {
  if (text.length > 60 || !/^open\s/i.test(text)) return undefined
  const rest = text.slice('open'.length).replace(LINK, '')
  const named = idAtStart(rest)
  return named && !isNothing(rest.slice(named.end))
    ? unclear(text, [`reopen ${named.id}`, `status ${named.id}`])
    : undefined
}

/** The ticket directly after the verb; where no free text can follow, also later: `assign Ada to T-…`. */
function findTicket(verb: FoundVerb, text: string): { readonly id: string; readonly rest: string } | undefined {
  const rest = text.slice(verb.end).replace(LINK, '')
  const first = idAtStart(rest)
  if (first) return { id: first.id, rest: rest.slice(first.end) }
  const { needs } = rowOf(verb.verb)
  const isFree = needs === 'ticket and text' || needs === 'ticket and reason' || needs === 'ticket and fields'
  if (isFree || rest.length > LONGEST_COMMAND) return undefined
  const [later, ...more] = findTicketIds(rest)
  if (!later || more.length > 0) return undefined
  const before = rest.slice(0, later.start).replace(/(?:[\s`'"([<]|\b(?:to|on|for|of|ticket))*$/i, '')
  return { id: later.id, rest: ` ${before} ${rest.slice(later.end)}` }
}

/** Commands without a ticket: help and lists. */
function readPlain({ verb, end }: FoundVerb, text: string): Request | undefined {
  if (verb !== 'help') return readFilters(verb === 'mine' ? `mine ${text.slice(end)}` : text)
  const rest = text.slice(end).trim()
  const topic = findVerb(rest.replace(/^[:,\s]+/, ''))
  if (topic && isNothing(rest.replace(/^[:,\s]+/, '').slice(topic.end))) return { kind: 'help', topic: topic.verb }
  return rest.length < LONGEST_HELP ? { kind: 'help' } : undefined
}

/** `help` followed by more characters than this is a sentence. */
const LONGEST_HELP = 40

/**
 * No ticket is named. That of the answered message counts; that of the thread only where the text cannot be a sentence.
 * Otherwise a sentence is the text of a ticket.
 */
function readWithoutTicket(verb: FoundVerb, rest: string, around: Surroundings): Request | undefined {
  const { quoted, quotesOther, thread, mentions } = around
  const said = rest.replace(PRONOUN, '')
  if (quoted !== undefined)
    return readArguments(verb, { ticket: { ids: [quoted], from: 'quote' }, text: said, mentions })
  const isPlain = isNothing(said) || /^\s{0,3}[:：]/.test(said)
  if (thread.length > 0) {
    const request = readArguments(verb, { ticket: { ids: thread, from: 'thread' }, text: said, mentions })
    if (isPlain || isExact(request, said)) return request
  }
  const given = said.replace(LINK, '').trim()
  const isLikeId = /^[`'"(<]?t?[-\s]?[0-9a-z…-]{1,12}[`'")>]?[.!?]?$/i.test(given) && /\d|…|^t-/i.test(given)
  if ((isPlain && !quotesOther) || isLikeId || (verb.spelling === 'status' && thread.length === 0))
    return { kind: 'which-ticket', verb: verb.verb, given: isPlain ? '' : rest.trim() }
  return undefined
}

/**
 * The command that a text in a thread may be meant as: there words that could be a sentence count only behind a colon.
 * Undefined for a text that does not begin with a verb.
 */
export function meantForThread(said: string): string | undefined {
  const text = said.replace(MARKS, '').replace(COURTESY, '').trim()
  const verb = text.length > LONGEST_COMMAND ? undefined : findVerb(text, takesText)
  if (!verb) return undefined
  const isVerb = verb.spelling === verb.verb
  return `${verb.verb}: ${isVerb ? text.slice(verb.end).replace(SEPARATORS, '') : text}`
}

function takesText({ needs }: CommandRow): boolean {
  return needs === 'ticket and text' || needs === 'ticket and reason'
}

/** "take this", "close the ticket". */
const PRONOUN =
  /^\s{0,3}(?:this one|that one|this ticket|that ticket|the ticket|this|that|it|ticket)(?![\p{L}\p{N}'’-])/iu

/** A person, or a priority, and nothing more: that is not a sentence. */
function isExact(request: Request, said: string): boolean {
  if (request.kind !== 'change') return false
  const { kind } = request.change
  const words = said.trim().split(/\s+/).length
  return kind === 'taken' || kind === 'priority-changed' || (kind === 'assigned' && words <= 4)
}

/** A word near a verb: only with a ticket behind it, or in a text of one or two words. */
function readMisspelt(text: string): Request | undefined {
  const [word = ''] = /^\S{1,24}/.exec(text) ?? []
  const named = idAtStart(text.slice(word.length).replace(LINK, ''))
  const meant = nearestVerb(text, named ? 'loose' : 'strict')
  if (meant && (named || isShort(text))) return unclear(text, [`${meant.verb}${meant.rest}`])
  return named && text.length <= LONGEST_COMMAND
    ? unclear(text, [`status ${named.id}`, `comment ${named.id} …`])
    : undefined
}

/** Words that no one mistypes: without "not" a sentence would say the opposite. */
const OTHER_WORDS: ReadonlySet<string> = new Set(['not', 'now', 'none', 'non', 'nor'])

/** Without a ticket beside it, only a word of seven letters may have two mistakes. */
function nearestVerb(
  text: string,
  how: 'loose' | 'strict',
): { readonly verb: Verb; readonly rest: string } | undefined {
  const [word = ''] = /^[\p{L}-]{3,16}/u.exec(text) ?? []
  if (word === '' || OTHER_WORDS.has(word.toLowerCase())) return undefined
  const near = findNear(word.toLowerCase(), [...SINGLE_WORDS.keys()], how === 'loose' ? 5 : 7)
  const verb = near === undefined ? undefined : SINGLE_WORDS.get(near)
  return verb && { verb, rest: text.slice(word.length) }
}

function isShort(text: string): boolean {
  return text.length <= 60 && text.trim().split(/\s+/).length <= MOST_WORDS
}

function unclear(said: string, suggestions: readonly string[]): Request {
  return { kind: 'unclear', why: 'unknown', said, suggestions }
}

function idAtStart(text: string): FoundId | undefined {
  const lead = /^(?:(?:the )?ticket[\s:#]{1,3})?[\s`'"([{<#*_]{0,4}/i.exec(text)?.[0].length ?? 0
  const [first] = findTicketIds(text.slice(lead, lead + 40))
  return first?.start === 0 ? { ...first, start: lead, end: first.end + lead } : undefined
}

function takesTicket({ needs }: CommandRow): boolean {
  return needs !== 'topic' && needs !== 'filters'
}
