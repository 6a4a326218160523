import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COMMANDS, type CommandRow } from 'ticket-core'
import { expect, it } from 'vitest'
import { tableOf } from './table-of.ts'

const FILE = fileURLToPath(new URL('../../docs/commands.md', import.meta.url))

const HEAD = `# Commands

What people can write to the bot in Teams, besides a new ticket. \`TICKETING_WRITE_DOCS=1 npx -y pnpm@12 test test/docs/commands.test.ts\` makes this file from the table in \`packages/ticket-core/src/command-table.ts\`.

`

const TAIL = `
- **The ticket** may come before the verb or after it, in any case, with or without dashes: \`close T-7QK2M-9XD4R\`, \`t7qk2m9xd4r: done\`. In an answer that quotes its card, and in the thread of the message that reported it, it may be left out: \`take\`. In a thread, words that could be a sentence need the id or a colon: \`close: fixed in 4.2\`.
- **A person** is \`me\`, a mention, or the name. The bot knows people who have written to it.
- **Lists** show ten tickets, and below them the command for the next ones: \`list high after T-…\`.
- **Who may**: everyone in the team that the ticket came from; \`edit\` and \`withdraw\` only the person who reported it. For another team a ticket does not exist.
- **Again** does no harm: the answer says that it was so already, by whom and when.
- **A form is a ticket**, whatever stands before it: a label such as \`Title:\` makes the message a new ticket. Only \`edit T-… Title: …\`, and a comment that is no complete form, may have labels.
- **Nothing is guessed**: a word that is only near a command, and a question such as \`close T-…?\`, get the command as a suggestion, and nothing is done.
`

function rowOf({ usage, aliases, who, help }: CommandRow): readonly string[] {
  return [
    `\`${usage.replaceAll('|', '\\|')}\``,
    help.charAt(0).toUpperCase() + help.slice(1),
    aliases.map((alias) => `\`${alias}\``).join(' '),
    who === 'team' ? 'the team' : 'its reporter',
  ]
}

it('docs/commands.md is the table of commands', () => {
  const table = tableOf([['command', 'what it does', 'other words for it', 'who may'], ...COMMANDS.map(rowOf)])
  const made = `${HEAD}${table}\n${TAIL}`
  if (process.env['TICKETING_WRITE_DOCS'] === '1') writeFileSync(FILE, made)
  expect(readFileSync(FILE, 'utf8')).toBe(made)
})
