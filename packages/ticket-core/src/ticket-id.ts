import { hash } from 'node:crypto'
import type { Ticket } from './ticket.ts'

/** Crockford's base32, without I, L, O and U. https://www.crockford.com/base32.html */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10

/** A ticket's id and the whole digest (64 hex digits) that its 50 bits were cut from. */
export interface Identity {
  readonly id: string
  readonly source: string
}

/** Derives the id of a Teams message: the same message always gives the same one, on every replica. */
export function identify(message: {
  readonly tenantId: string | undefined
  readonly conversationId: string
  readonly activityId: string
}): Identity {
  return cutId(digest(['teams', message.tenantId ?? '', message.conversationId, message.activityId]))
}

/** Derives the id of a message that the older system queued: only the SQS message id identifies it. */
export function identifyOlderMessage(sqsMessageId: string): Identity {
  return cutId(digest(['older-system', sqsMessageId]))
}

/** A source for an older message whose id is known but whose first SQS message id is not. */
export function sourceOfKnownId(id: string): string {
  return digest(['known-id', id])
}

/** Two halves with any characters but letters and digits around them; the `T` may be missing. */
const TYPED = /^(?:T[^\p{L}\p{N}]{0,3})?([0-9A-Z]{5})[^\p{L}\p{N}]{0,3}([0-9A-Z]{5})[^\p{L}\p{N}]*$/u

/**
 * Reads an id as people type it: any case, O for 0, I or L for 1, dashes or spaces missing or added, the `T-` left
 * off. Returns its canonical form, or undefined for what cannot be an id.
 */
export function readTicketId(text: string): string | undefined {
  const typed = text.length > 64 ? '' : text.toUpperCase().replace(/^[^\p{L}\p{N}]+/u, '')
  const [, first, second] = TYPED.exec(typed) ?? []
  if (first === undefined || second === undefined) return undefined
  const body = first + second
  const digits = body.replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  for (const digit of digits) if (!DIGITS.includes(digit)) return undefined
  return format(digits)
}

/** A ticket's id in a text, and where it stands. */
export interface FoundId {
  readonly id: string
  readonly start: number
  readonly end: number
}

/** An id inside a text: as {@link TYPED}, but without its `T` only a dash may part the halves. */
const WITHIN =
  /(?<![\p{L}\p{N}])(?:T[^\p{L}\p{N}\n]{0,3}[0-9A-Z]{5}[^\p{L}\p{N}\n]{0,3}[0-9A-Z]{5}|[0-9A-Z]{5}[-‐‑–]?[0-9A-Z]{5})(?![\p{L}\p{N}])/giu

/**
 * Finds the ids in a text. Words can look like an id, so that one without any digit counts only as `T-…`.
 */
export function findTicketIds(text: string): readonly FoundId[] {
  return [...text.matchAll(WITHIN)].flatMap(({ 0: typed, index }) => {
    const id = /^T[-‐‑–]|\d/i.test(typed) ? readTicketId(typed) : undefined
    return id === undefined ? [] : [{ id, start: index, end: index + typed.length }]
  })
}

/**
 * The digest (64 hex digits) of everything that a ticket says, whatever the order of its keys. The same id with another
 * digest is a collision: an id can be guessed, and who may write to a queue can send other words under it.
 */
export function digestTicket(ticket: Ticket): string {
  const fields = Object.entries(ticket)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return digest(['ticket', ...fields.toSorted()])
}

/** SHA-256 in 64 hex digits. JSON separates the parts, so that no two lists of parts give one text. */
export function digest(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex')
}

/** 13 hex digits are 52 bits; the upper 50 fit a double exactly. */
function cutId(source: string): Identity {
  let rest = Math.floor(Number.parseInt(source.slice(0, 13), 16) / 4)
  let digits = ''
  for (let position = 0; position < LENGTH; position += 1) {
    digits = DIGITS.charAt(rest % 32) + digits
    rest = Math.floor(rest / 32)
  }
  return { id: format(digits), source }
}

function format(digits: string): string {
  return `T-${digits.slice(0, 5)}-${digits.slice(5)}`
}
