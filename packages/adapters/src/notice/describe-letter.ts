import type { DeadLetter } from 'ticket-core'
import { cleanText } from '../http/clean-text.ts'
import { cutWithNote } from '../http/cut-text.ts'

/** What an admin is told, as plain text: each way escapes it in its own manner. */
export interface LetterWords {
  readonly headline: string
  /** Name and text of each fact, in order. None is empty. */
  readonly facts: readonly (readonly [string, string])[]
  readonly warning?: string
  readonly command: string
}

/** UTF-16 units of one fact: a notice is a summary, the archive holds the whole. */
const LONGEST_FACT = 1000
const RUN = 'npx -y pnpm@12 ticketing'

/** Makes the words of a notice: id, title, cause, whether it may have been delivered already, and what to run. */
export function describeLetter(letter: DeadLetter): LetterWords {
  const { key, kind, ticket, cause, life } = letter
  const facts: (readonly [string, string])[] = [
    ...(ticket
      ? ([
          ['Title', ticket.title],
          ['Priority', ticket.priority],
        ] as const)
      : []),
    ['Cause', `${cause.reason} (${cause.code})`],
    ...(life > 0 ? ([['Redriven before', times(life)]] as const) : []),
  ]
  return {
    headline: headline(letter),
    facts: facts.map(([name, text]) => [
      name,
      cutWithNote(cleanText(text).trim() || '(empty)', LONGEST_FACT, ' … (cut)'),
    ]),
    ...(letter.mayBeDelivered && {
      warning: 'It may have been delivered already: look before you redrive it.',
    }),
    // Only a ticket has a queue to go back to; the others are to be looked at.
    command: `${RUN} dead-letters ${kind === 'ticket' ? 'redrive' : 'show'} ${key}`,
  }
}

function headline({ kind, key, ticket }: DeadLetter): string {
  switch (kind) {
    case 'ticket':
      return `Ticket ${key} could not be delivered`
    case 'unreadable':
      return `A message could not be read (${key})`
    case 'collision':
      return `A second message came under the id ${ticket?.id ?? 'of another ticket'} (${key})`
  }
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
