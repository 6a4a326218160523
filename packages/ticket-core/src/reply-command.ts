import { type CardReply, card, heading, line } from './card.ts'
import { rowOf, type Verb } from './command-table.ts'
import { echoLine } from './echo.ts'
import { type Hint, command, nameOfBot } from './reply.ts'
import type { Unclear } from './request.ts'

/** The card for a command whose ticket is missing, or is no ticket id. */
export function replyWhichTicket({
  given,
  verb,
  mention,
}: { readonly given: string; readonly verb: Verb } & Hint): CardReply {
  return card([
    heading(given === '' ? 'Which ticket?' : `“${echoLine(given, 80)}” is not a ticket id`, 'Attention'),
    line('An id looks like T-7QK2M-9XD4R and stands on the card that accepted the ticket.'),
    line(`Then: ${command(mention, rowOf(verb).usage)}, with the id in place of T-…`, { isSubtle: true }),
    line(`Your tickets: ${command(mention, 'mine')}`, { isSubtle: true }),
  ])
}

const PROBLEMS: Readonly<Record<Unclear, string>> = {
  unknown: 'This is not a command that I know, and nothing was done.',
  'extra-words': 'Nothing was done: this command takes no more words.',
  'several-tickets': 'Nothing was done: a command is about one ticket.',
  question: 'Nothing was done: this reads like a question.',
  'no-person': 'Nothing was done: a person is missing.',
  'no-text': 'Nothing was done: the text is missing.',
  'no-priority': 'Nothing was done: a priority is low, medium or high.',
  'no-fields': 'Nothing was done: “Title:” or “Description:” with a new text is missing.',
  'other-fields': 'Nothing was done: “edit” changes the title and the description.',
  filters: 'These two do not go together.',
  'which-more': 'More of which list? The command stands below it.',
}

/** Characters of a suggestion. */
const LONGEST_SUGGESTION = 400

/** The card for what is no command as it stands: what can be sent instead. Nothing is ever guessed. */
export function replyUnclear({
  why,
  suggestions,
  mention,
}: { readonly why: Unclear; readonly suggestions: readonly string[] } & Hint): CardReply {
  return card([
    heading(PROBLEMS[why], 'Attention'),
    ...suggestions.map((words, at) =>
      line(`${at === 0 ? 'Did you mean' : 'Or'}: ${command(mention, echoLine(words, LONGEST_SUGGESTION))}`),
    ),
    line(`All commands, and how to write a ticket: ${command(mention, 'help')}`, { isSubtle: true }),
  ])
}

/** The card for a ticket that does not exist, or is another team's: both get the same. */
export function replyNotKnown({ id, mention }: { readonly id: string } & Hint): CardReply {
  return card([
    heading(`${id} is not known here`, 'Attention'),
    line('No ticket of this team has this id; nothing was done. If it was just sent, give it a minute.'),
    line(`Your tickets: ${command(mention, 'mine')}`, { isSubtle: true }),
  ])
}

/** The card for what only the reporter may do. */
export function replyNotYours({
  id,
  verb,
  reporter,
  mention,
}: { readonly id: string; readonly verb: Verb; readonly reporter: string | undefined } & Hint): CardReply {
  const who = reporter === undefined ? 'the person who reported it' : `${echoLine(reporter, 80)}, who reported it,`
  return card([
    heading(`Only ${who} can ${verb} ${id}`, 'Attention'),
    line('Nothing was done.'),
    line(`You can: ${command(mention, `comment ${id} your text`)}`),
    line(`Or: ${command(mention, `close ${id} your reason`)}`),
  ])
}

/** The card for a name that is not one person of the team. */
export function replyWho({
  id,
  name,
  why,
  mention,
}: {
  readonly id: string
  readonly name: string
  readonly why: 'unknown' | 'several' | 'unavailable'
} & Hint): CardReply {
  const shown = echoLine(name, 80)
  const problem = {
    unknown: `I do not know ${shown} yet: people are known once they have written to me.`,
    several: `Several people of this team are called ${shown}.`,
    unavailable: `${shown} could not be looked up at the moment.`,
  }[why]
  return card([
    heading(`${id} was not assigned`, 'Attention'),
    line(problem),
    line(`${shown} can write: ${command(mention, `take ${id}`)}`),
    ...(why === 'several' ? [line('Or mention the person with @ and the whole name.')] : []),
  ])
}

/** The card that says: nothing was done, and sending again is safe. */
export function replyNotDone({ mention }: Hint = {}): CardReply {
  return card([
    heading('That was not done', 'Attention'),
    line(`Our side could not take it. Please send your message to ${nameOfBot(mention)} again.`),
  ])
}

/** The card that says: the queue did not answer in time, and the change may or may not happen. */
export function replyMaybeDone({ id, mention }: { readonly id: string } & Hint): CardReply {
  return card([
    heading(`It is not known yet whether ${id} was changed`, 'Warning'),
    line('The queue did not answer in time.'),
    line(
      `In a minute, ${command(mention, `status ${id}`)} shows it. Sending the same again does no harm, but a comment may then be there twice.`,
    ),
  ])
}
