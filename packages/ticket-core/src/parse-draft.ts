import { collectLinks } from './collect-links.ts'
import type { Field } from './labels.ts'
import { normaliseLine, normaliseText } from './normalise-text.ts'
import { readPriority, suggestPriority } from './priority.ts'
import { type Form, renderForm } from './render-message.ts'
import { type Result, fail, succeed } from './result.ts'
import { splitFields } from './split-fields.ts'
import type { Draft, Priority } from './ticket.ts'

/** One problem of a message that is not a valid ticket. */
export interface Problem {
  readonly field: Field
  /** `missing`: no such label. `empty`: the label has no text. `not-allowed`: not one of the allowed values. */
  readonly code: 'missing' | 'empty' | 'not-allowed'
  /** The value as it was written; absent if there was none. */
  readonly came?: string
  /** What is allowed, in words. */
  readonly allowed: string
  readonly suggestion?: Priority
}

/** All problems, and the corrected message, with blanks for unknown values. */
export interface BadDraft {
  readonly problems: readonly Problem[]
  /** It is accepted once its blanks are filled; a priority with a suggestion is filled with that. */
  readonly correctedForm: string
  /** The required fields that are blank in the corrected form. */
  readonly blanks: readonly Field[]
}

const ALLOWED: Readonly<Record<Exclude<Field, 'steps'>, string>> = {
  title: 'a short text on one line',
  priority: 'low, medium or high',
  description: 'a text of one line or more',
}

/**
 * Reads a message (without the bot's mention) as a draft. Labels: `Title`, `Priority` or `Severity`, `Description`,
 * and optionally `Steps` or `Steps to reproduce`, in any order and case; how they are found is explained at
 * {@link splitFields}. No text is lost: text before the first label or under the priority joins the description.
 *
 * @example
 * parseDraft('Title: Login page is blank\nPriority: high\nDescription: White since 9:40.')
 */
export function parseDraft(text: string): Result<Draft, BadDraft> {
  const { values, before } = splitFields(normaliseText(text))
  const valueOf = (field: Field): string => (values.get(field) ?? '').trim()
  const [priorityLine = '', ...underPriority] = valueOf('priority').split('\n')
  const title = normaliseLine(valueOf('title'))
  const ownDescription = valueOf('description')
  const description = [withoutUnseen(before), ownDescription, withoutUnseen(underPriority.join('\n'))]
    .filter((part) => part !== '')
    .join('\n\n')
  const steps = valueOf('steps')
  const priority = readPriority(priorityLine)

  const problems: Problem[] = []
  if (title === '') problems.push(lack('title', values))
  if (priorityLine === '') problems.push(lack('priority', values))
  else if (!priority) problems.push(refusePriority(priorityLine))
  if (ownDescription === '') problems.push(lack('description', values))

  const understood = { title, description, ...(steps !== '' && { steps }) }
  if (problems.length > 0 || !priority) return fail(describeBad(problems, understood, priorityLine))
  return succeed({ ...understood, priority, links: collectLinks([title, description, steps].join('\n')) })
}

/** Direction marks that stand alone are no text. */
function withoutUnseen(part: string): string {
  return /[^\s\p{Cf}]/u.test(part) ? part.trim() : ''
}

function describeBad(problems: readonly Problem[], understood: Form, priorityLine: string): BadDraft {
  const priority = readPriority(priorityLine) ?? suggestPriority(priorityLine)
  const form: Form = { ...understood, ...(priority && { priority }) }
  const blanks = (['title', 'priority', 'description'] as const).filter((field) => !form[field])
  return { problems, correctedForm: renderForm(form), blanks }
}

function lack(field: Exclude<Field, 'steps'>, values: ReadonlyMap<Field, string>): Problem {
  return { field, code: values.has(field) ? 'empty' : 'missing', allowed: ALLOWED[field] }
}

function refusePriority(came: string): Problem {
  const suggestion = suggestPriority(came)
  return { field: 'priority', code: 'not-allowed', came, allowed: ALLOWED.priority, ...(suggestion && { suggestion }) }
}
