import { type Person, type Ticket, describePerson, messageLink, readTicketId, visibleText } from 'ticket-core'
import { cutText, cutWithNote } from '../http/text.ts'
import { escapeMarkdown } from './escape-markdown.ts'

export interface CardText {
  readonly name: string
  readonly desc: string
  /** Whether a part of the ticket has no room on the card; then the card says where the whole is. */
  readonly isCut: boolean
}

/** Trello's limit for either, and for a comment, in characters. */
export const LONGEST = 16_384
const LONGEST_REPORTER = 200
const LONGEST_LINK = 2000
const CUT = '…'
export const BETWEEN = '\n\n'

/**
 * Name and description of a ticket's card. Description, steps and links share what room there is; the line with
 * priority and reporter is never cut, nor the marker line at the end, by which a card of this ticket is found again.
 * `keptAt` names the object that holds the whole ticket.
 */
export function buildCard(ticket: Ticket, keptAt: string, assignee?: Person): CardText {
  const card = buildUnassigned(ticket, keptAt)
  return { ...card, desc: withAssignee(card.desc, assignee) }
}

/** Begins the line that names the assignee. Escaped text never begins a line with bare asterisks. */
const ASSIGNEE = '**Assignee:** '
/** What that line takes at most, with the lines around it. */
const ASSIGNEE_ROOM = 500

/**
 * A description with its assignee, above the marker line at its end; whatever people wrote around it stays. The same one
 * where the marker line is gone, or where there is no room.
 */
export function withAssignee(desc: string, assignee: Person | undefined): string {
  const lines = desc.split('\n').filter((line) => !line.startsWith(ASSIGNEE))
  const end = lines.findLastIndex((line) => /^`ticket \S{1,40}`$/.test(line.trim()))
  if (end === -1) return desc
  const above = lines.slice(0, end).join('\n').trimEnd()
  const name = assignee && escapeMarkdown(cutWithNote(oneLine(describePerson(assignee)), LONGEST_REPORTER, CUT))
  const parts = [above, ...(name === undefined ? [] : [ASSIGNEE + name]), lines.slice(end).join('\n')]
  const whole = parts.filter((part) => part !== '').join(BETWEEN)
  return whole.length <= LONGEST ? whole : desc
}

function buildUnassigned(ticket: Ticket, keptAt: string): CardText {
  const { id, title, priority, reporter, createdAt } = ticket
  const name = cutWithNote(plainName(oneLine(title), id), LONGEST, CUT)
  const by = oneLine(reporter?.name ?? '')
  const shownBy = cutWithNote(by, LONGEST_REPORTER, CUT)
  const facts = [
    `Priority ${priority}, reported${by === '' ? '' : ` by ${escapeMarkdown(shownBy)}`} at ${createdAt}`,
    ...describeOrigin(ticket),
  ].join('\n')
  const parts = describeParts(ticket)
  const desc = [...parts.map(({ head, text }) => head + text), facts, markerLine(id)].join(BETWEEN)
  const isShort = name === plainName(oneLine(title), id) && shownBy === by
  if (isShort && desc.length <= LONGEST - ASSIGNEE_ROOM) return { name, desc, isCut: false }

  const note = `**Cut: too long for Trello.** The whole ticket is kept in the bucket: ${keptAt}`
  const frame = [...parts.map(({ head }) => head), facts, note, markerLine(id)].join(BETWEEN)
  const shares = shareOut(
    LONGEST - ASSIGNEE_ROOM - frame.length,
    parts.map(({ text }) => text.length),
  )
  const shown = parts.map(({ head, text }, index) => head + cutEscaped(text, shares[index] ?? 0))
  return { name, desc: [...shown, facts, note, markerLine(id)].join(BETWEEN), isCut: true }
}

/** Longest ids of team and channel; those of Teams have about 50 characters. */
const LONGEST_ID = 200

/** Where in Teams it was reported. */
function describeOrigin(ticket: Ticket): readonly string[] {
  const { teamId, channelId } = ticket
  const place = Object.entries({ team: teamId, channel: channelId }).flatMap(([name, id]) =>
    id === undefined ? [] : [`${name} ${escapeMarkdown(cutWithNote(oneLine(id), LONGEST_ID, CUT))}`],
  )
  const link = messageLink(ticket)
  const hasRoom = link !== undefined && link.length <= LONGEST_LINK
  return [...(place.length > 0 ? [`From Teams, ${place.join(', ')}`] : []), ...(hasRoom ? [link] : [])]
}

interface Part {
  readonly head: string
  readonly text: string
}

function describeParts({ description, steps = '', links }: Ticket): readonly Part[] {
  const parts: Part[] = [{ head: '', text: escapeMarkdown(visibleText(description)) }]
  if (steps.trim() !== '') parts.push({ head: '**Steps**\n\n', text: escapeMarkdown(visibleText(steps)) })
  if (links.length > 0) parts.push({ head: '**Links**\n\n', text: links.map(renderLink).join('\n') })
  return parts
}

/** Each text gets what it needs, or an equal part of what the shorter ones leave. */
function shareOut(room: number, needs: readonly number[]): readonly number[] {
  const shares = needs.map(() => 0)
  let left = room
  const shortestFirst = needs.map((need, index) => ({ need, index })).toSorted((a, b) => a.need - b.need)
  for (const [place, { need, index }] of shortestFirst.entries()) {
    const share = Math.min(need, Math.floor(left / (needs.length - place)))
    shares[index] = share
    left -= share
  }
  return shares
}

/** Cuts escaped text, and removes a backslash whose character was cut off. */
export function cutEscaped(text: string, limit: number): string {
  if (text.length <= limit) return text
  return cutText(text, limit - CUT.length).replace(/(?<!\\)((?:\\\\)*)\\$/, '$1') + CUT
}

/** Trello makes a mirror of a card named by an address of its own, and a separator of a line: the id prevents both. */
function plainName(name: string, id: string): string {
  return /^(?:https?:\/\/(?:[\w-]+\.)?trello\.com\/\S*|-{3,})$/i.test(name) ? `${id} ${name}` : name
}

/** A code span of its own line: escaped text never begins a line with a bare backtick, so no user can write one. */
function markerLine(id: string): string {
  return `\`ticket ${id}\``
}

/** The ticket whose marker line a description holds; of several the last, which is below everything that people wrote. */
export function ticketOfMarker(desc: string): string | undefined {
  const ids = desc.split('\n').flatMap((line) => /^`ticket (\S{1,40})`$/.exec(line.trim())?.[1] ?? [])
  return ids.findLast((id) => readTicketId(id) === id)
}

/** Whether a description, possibly edited by people since, holds the marker line of this ticket. */
export function hasMarker(desc: string, id: string): boolean {
  return desc.split('\n').some((line) => line.trim() === markerLine(id))
}

function renderLink({ text, url }: Ticket['links'][number]): string {
  const shown = text === url ? '' : `${escapeMarkdown(oneLine(text))}: `
  return `${shown}${escapeMarkdown(oneLine(url))}`
}

function oneLine(text: string): string {
  return visibleText(text).replaceAll(/\s+/g, ' ').trim()
}
