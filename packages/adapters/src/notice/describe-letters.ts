import {
  type DeadLetter,
  type NoticeWords,
  describeEffect,
  describeEvent,
  isRedrivable,
  visibleText,
} from 'ticket-core'
import { cutWithNote } from '../http/text.ts'

/** UTF-16 units of one fact: a notice is a summary, the archive holds the whole. */
const LONGEST_FACT = 1000
/** The same in a notice of several letters: ten of them still fit into one Teams message of 28 KB. */
const LONGEST_OF_SEVERAL = 250
const RUN = 'npx -y pnpm@12 ticketing'

/**
 * Makes the words of a notice: id, title, cause, whether it may have been delivered already, and the command to run. Several
 * letters are listed under their causes. The commands end with the options of `target`.
 */
export function describeLetters(letters: readonly DeadLetter[], target = ''): NoticeWords {
  const [only, ...more] = letters
  const { commands, ...words } = only && more.length === 0 ? describeOne(only) : describeSeveral(letters)
  return { ...words, commands: commands.map((command) => (target === '' ? command : `${command} ${target}`)) }
}

function describeOne(letter: DeadLetter): NoticeWords {
  const { key, ticket, event, effect, life } = letter
  const facts: (readonly [string, string])[] = [
    ...(ticket
      ? ([
          ['Title', ticket.title],
          ['Priority', ticket.priority],
        ] as const)
      : []),
    ...(event ? ([['Event', describeEvent(event)]] as const) : []),
    ...(effect ? ([['What', describeEffect(effect)]] as const) : []),
    ['Cause', describeCause(letter)],
    ...(life > 0 ? ([['Redriven before', times(life)]] as const) : []),
  ]
  return {
    headline: headline(letter),
    facts: facts.map(([name, text]) => [name, bound(text, LONGEST_FACT)]),
    ...(letter.mayBeDelivered && {
      warning: 'It may have been delivered already: look before you redrive it.',
    }),
    // Only tickets, events and effects have a queue to go back to; the others are to be looked at.
    commands: [command(isRedrivable(letter.kind) ? 'redrive' : 'show', [key])],
  }
}

function describeSeveral(letters: readonly DeadLetter[]): NoticeWords {
  const returnable = letters.filter(({ kind }) => isRedrivable(kind))
  const others = letters.filter(({ kind }) => !isRedrivable(kind))
  const doubtful = letters.filter(({ mayBeDelivered }) => mayBeDelivered)
  const byCause = Map.groupBy(letters, describeCause)
  return {
    headline: `${letters.length} ${letters.every(({ kind }) => kind === 'ticket') ? 'tickets' : 'messages'} could not be delivered`,
    facts: [...byCause].flatMap(describeGroup),
    ...(doubtful.length > 0 && {
      warning: `${keysOf(doubtful).join(', ')} may have been delivered already: look before you redrive.`,
    }),
    commands: [
      ...(returnable.length > 0 ? [command('redrive', keysOf(returnable))] : []),
      ...(others.length > 0 ? [command('show', keysOf(others))] : []),
    ],
  }
}

function describeGroup([cause, group]: readonly [string, readonly DeadLetter[]]): (readonly [string, string])[] {
  const listed = group.map((letter) => [letter.key, describeBriefly(letter)] as const)
  return [['Cause', bound(cause, LONGEST_OF_SEVERAL)], ...listed]
}

function describeBriefly({ kind, ticket, event, effect, life }: DeadLetter): string {
  const title = bound(ticket?.title ?? '', LONGEST_OF_SEVERAL)
  switch (kind) {
    case 'ticket':
      return `${title} (${ticket?.priority}${life > 0 ? `, redriven before: ${times(life)}` : ''})`
    case 'event':
      return event
        ? `${bound(describeEvent(event), LONGEST_OF_SEVERAL)}${life > 0 ? ` (redriven before: ${times(life)})` : ''}`
        : 'an event'
    case 'effect':
      return effect ? describeEffect(effect) : 'an effect'
    case 'unreadable':
      return 'no ticket could be read from it'
    case 'collision':
      return `${title} (came under the id of another ticket, ${ticket?.id})`
  }
}

function headline({ kind, key, ticket, event, effect }: DeadLetter): string {
  switch (kind) {
    case 'ticket':
      return `Ticket ${key} could not be delivered`
    case 'event':
      return `What happened to ${event?.ticket ?? 'a ticket'} could not be added to it (${key})`
    case 'effect':
      return `What happened to ${effect?.ticket ?? 'a ticket'} could not be delivered (${key})`
    case 'unreadable':
      return `A message could not be read (${key})`
    case 'collision':
      return `A second message came under the id ${ticket?.id ?? 'of another ticket'} (${key})`
  }
}

function describeCause({ cause }: DeadLetter): string {
  return `${cause.reason} (${cause.code})`
}

function bound(text: string, limit: number): string {
  return cutWithNote(visibleText(text).trim() || '(empty)', limit, ' … (cut)')
}

function command(action: 'redrive' | 'show', keys: readonly string[]): string {
  return `${RUN} dead-letters ${action} ${keys.join(' ')}`
}

function keysOf(letters: readonly DeadLetter[]): string[] {
  return letters.map(({ key }) => key)
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
