import { escapeLabel } from './labels.ts'
import type { Draft, Priority } from './ticket.ts'

/** A partly filled form; an empty text or no priority leaves a blank. */
export interface Form {
  readonly title: string
  readonly priority?: Priority
  readonly description: string
  readonly steps?: string
}

/**
 * Writes a draft as a message: every draft that `parseDraft` accepted survives `parseDraft(renderMessage(draft))`.
 * A line of the text that looks like a label gets a backslash before it.
 */
export function renderMessage(draft: Draft): string {
  return renderForm(draft)
}

/** Writes a form, blanks included. */
export function renderForm({ title, priority, description, steps }: Form): string {
  const lines = [
    `Title: ${title}`,
    `Priority: ${priority ? capitalise(priority) : ''}`,
    `Description: ${escapeRest(description)}`,
  ]
  if (steps !== undefined) lines.push(`Steps: ${escapeRest(steps)}`)
  return lines.map((line) => line.trimEnd()).join('\n')
}

/** `high` as people write it: `High`. */
export function capitalise(priority: Priority): string {
  return priority.charAt(0).toUpperCase() + priority.slice(1)
}

/** The first line follows its label on the same line. */
function escapeRest(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  return [first, ...rest.map(escapeLabel)].join('\n')
}
