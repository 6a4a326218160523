import type { Ticket } from 'ticket-core'
import { visibleText } from 'ticket-core'
import { cutWithNote } from '../http/cut-text.ts'
import { escapeMarkdown } from './escape-markdown.ts'

export interface CardText {
  readonly name: string
  readonly desc: string
}

/** Trello's limit for either, in characters. */
const LONGEST = 16_384
const NOTE = '\n\n… (cut: too long for Trello)'

/**
 * Name and description of a ticket's card. The description ends with the marker line, which is never cut, and by which
 * a card of this ticket is found again.
 */
export function buildCard(ticket: Ticket): CardText {
  const { id, title, priority, description, steps, links, reporter, createdAt } = ticket
  const by = reporter ? ` by ${escapeMarkdown(oneLine(reporter.name))}` : ''
  const parts = [escapeMarkdown(visibleText(description))]
  if (steps !== undefined && steps.trim() !== '') parts.push(`**Steps**\n\n${escapeMarkdown(visibleText(steps))}`)
  if (links.length > 0) parts.push(`**Links**\n\n${links.map(renderLink).join('\n')}`)
  parts.push(`Priority ${priority}, reported${by} at ${createdAt}`)
  const end = `\n\n${markerLine(id)}`
  return {
    name: cutWithNote(plainName(oneLine(title), id), LONGEST, '…'),
    desc: cutWithNote(parts.join('\n\n'), LONGEST - end.length, NOTE) + end,
  }
}

/** Trello makes a mirror of a card named by an address of its own, and a separator of a line: the id prevents both. */
function plainName(name: string, id: string): string {
  return /^(?:https?:\/\/(?:[\w-]+\.)?trello\.com\/\S*|-{3,})$/i.test(name) ? `${id} ${name}` : name
}

/** A code span of its own line: escaped text never begins a line with a bare backtick, so no user can write one. */
function markerLine(id: string): string {
  return `\`ticket ${id}\``
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
