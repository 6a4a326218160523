import { type CardReply, block, card, fact, heading, line } from './card.ts'
import { COMMANDS, rowOf, type Verb } from './command-table.ts'
import { describeDestination, destinationFor } from './lanes.ts'
import { PRIORITIES } from './priority.ts'
import { capitalise } from './render-message.ts'
import { type Hint, command, nameOfBot } from './reply.ts'

/** The card that shows how to write a ticket, and every command; with a topic, that command alone. */
export function replyHelp({ mention, topic }: { readonly topic?: Verb | undefined } & Hint = {}): CardReply {
  return topic === undefined ? replyOverview(mention) : replyTopic(topic, mention)
}

function replyOverview(mention: string | undefined): CardReply {
  return card([
    heading('How to write a ticket'),
    ...block(
      `${nameOfBot(mention)}\nTitle: Login page is blank\nPriority: high\nDescription: Since 9:40 the login page stays white in Firefox.\nSteps: Open the login page.`,
    ),
    line('Priority is low, medium or high. Steps may be left out. The order does not matter.'),
    ...PRIORITIES.map((priority) =>
      fact(capitalise(priority), `goes to ${describeDestination(destinationFor(priority))}`),
    ),
    heading('What you can ask'),
    ...COMMANDS.map(({ usage, help }) => fact(command(mention, usage), help)),
    line(
      'Put the id of the ticket in place of T-…. In its own thread, or in an answer to its card, the id may be left out.',
      { isSubtle: true },
    ),
  ])
}

function replyTopic(topic: Verb, mention: string | undefined): CardReply {
  const { verb, aliases, usage, help } = rowOf(topic)
  return card([
    heading(verb),
    fact(command(mention, usage), help),
    fact('Other words for it', aliases.join(', ')),
    line(`All commands: ${command(mention, 'help')}`, { isSubtle: true }),
  ])
}
