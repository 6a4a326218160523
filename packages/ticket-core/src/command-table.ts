/** Everything that people can ask of the bot, besides a new ticket. */
export type Verb =
  | 'help'
  | 'status'
  | 'mine'
  | 'list'
  | 'ack'
  | 'take'
  | 'assign'
  | 'release'
  | 'comment'
  | 'priority'
  | 'close'
  | 'reopen'
  | 'edit'
  | 'withdraw'

/** What a command needs after its verb. */
export type Needs =
  /** Nothing, or the verb to explain. */
  | 'topic'
  /** Nothing, or what to list. */
  | 'filters'
  /** A ticket, and nothing else. */
  | 'ticket'
  | 'ticket and person'
  | 'ticket and text'
  | 'ticket and priority'
  /** A ticket; the reason may be left out. */
  | 'ticket and reason'
  /** A ticket, and a new title, a new description, or both. */
  | 'ticket and fields'

/** One command. The parser, the help card, suggestions and `docs/commands.md` are made from it. */
export interface CommandRow {
  readonly verb: Verb
  /** Other spellings, of one word or several. */
  readonly aliases: readonly string[]
  /** Everyone in the team that the ticket came from, or its reporter alone. */
  readonly who: 'team' | 'reporter'
  readonly needs: Needs
  /** As people type it, after the bot's name. */
  readonly usage: string
  /** One line: what it does. */
  readonly help: string
}

/** Every command, in the order in which help shows them. */
export const COMMANDS: readonly CommandRow[] = [
  {
    verb: 'status',
    aliases: [
      'show',
      'state',
      'view',
      'find',
      'where is',
      'who has',
      'any news',
      "what's the status",
      'whats the status',
      'what is the status',
    ],
    who: 'team',
    needs: 'ticket',
    usage: 'status T-…',
    help: 'shows a ticket: how far it is, who works on it, where it was delivered.',
  },
  {
    verb: 'mine',
    aliases: [
      'my tickets',
      'my open tickets',
      'show mine',
      'show my tickets',
      'list mine',
      'list my tickets',
      'assigned to me',
    ],
    who: 'team',
    needs: 'filters',
    usage: 'mine',
    help: 'lists the open tickets that you reported or work on.',
  },
  {
    verb: 'list',
    aliases: [
      'open',
      'unassigned',
      'closed',
      'tickets',
      'all',
      'show open',
      'show all',
      'show tickets',
      'show list',
      'show me',
    ],
    who: 'team',
    needs: 'filters',
    usage: 'list [high | medium | low] [unassigned | closed]',
    help: 'lists the open tickets of your team, ten at a time, the most urgent first.',
  },
  {
    verb: 'ack',
    aliases: ['acknowledge', 'acknowledged', 'acked', 'seen', 'looking', "i've seen"],
    who: 'team',
    needs: 'ticket',
    usage: 'ack T-…',
    help: 'says that you have seen it. It stays without an assignee.',
  },
  {
    verb: 'take',
    aliases: [
      "i'll take",
      'ill take',
      'i will take',
      'i can take',
      'i take',
      "i'm taking",
      'claim',
      'assign me',
      'assign to me',
      'taking',
      'take over',
      "i'm on",
      'working on',
      "i'm working on",
    ],
    who: 'team',
    needs: 'ticket',
    usage: 'take T-…',
    help: 'assigns it to you, and starts the work.',
  },
  {
    verb: 'assign',
    aliases: ['reassign', 'transfer', 'give', 'hand over', 'hand'],
    who: 'team',
    needs: 'ticket and person',
    usage: 'assign T-… @Name',
    help: 'assigns it to a person of the team, or to “me”.',
  },
  {
    verb: 'release',
    aliases: ['drop', 'unassign', 'unclaim', 'untake', 'give back'],
    who: 'team',
    needs: 'ticket',
    usage: 'release T-…',
    help: 'takes the assignee away.',
  },
  {
    verb: 'comment',
    aliases: ['note', 'add comment', 'add a comment', 'add note', 'add a note', 'reply'],
    who: 'team',
    needs: 'ticket and text',
    usage: 'comment T-… your text',
    help: 'adds a comment.',
  },
  {
    verb: 'priority',
    aliases: [
      'prio',
      'severity',
      'set priority',
      'change priority',
      'raise priority',
      'lower priority',
      'set',
      'raise',
      'lower',
      'bump',
      'make',
    ],
    who: 'team',
    needs: 'ticket and priority',
    usage: 'priority T-… high',
    help: 'changes the priority to low, medium or high.',
  },
  {
    verb: 'close',
    aliases: ['closed', 'closing', 'resolve', 'resolved', 'done', 'fixed', 'solved', 'finish', 'finished'],
    who: 'team',
    needs: 'ticket and reason',
    usage: 'close T-… [reason]',
    help: 'closes it.',
  },
  {
    verb: 'reopen',
    aliases: ['re-open', 're open', 'open again', 'unresolve'],
    who: 'team',
    needs: 'ticket and reason',
    usage: 'reopen T-… [reason]',
    help: 'opens a closed ticket again.',
  },
  {
    verb: 'edit',
    aliases: ['change', 'update', 'correct'],
    who: 'reporter',
    needs: 'ticket and fields',
    usage: 'edit T-… Title: … Description: …',
    help: 'changes the title, the description or both. Only the person who reported it can.',
  },
  {
    verb: 'withdraw',
    aliases: ['cancel', 'retract'],
    who: 'reporter',
    needs: 'ticket and reason',
    usage: 'withdraw T-… [reason]',
    help: 'closes it because it is not needed any more. Only the person who reported it can.',
  },
  {
    verb: 'help',
    aliases: ['?', 'commands'],
    who: 'team',
    needs: 'topic',
    usage: 'help [command]',
    help: 'shows how to write a ticket, and all commands; with a command, what it does.',
  },
]

/** The row of a verb. */
export function rowOf(verb: Verb): CommandRow {
  const row = COMMANDS.find((one) => one.verb === verb)
  if (!row) throw new Error(`the table has no command ${verb}`)
  return row
}

/** Who may use a command on a ticket of their team. */
export function whoMay(verb: Verb): CommandRow['who'] {
  return rowOf(verb).who
}

/** What stands at the start of a text: the verb, how it was spelled, and where it ends. */
export interface FoundVerb {
  readonly verb: Verb
  readonly spelling: string
  readonly end: number
}

interface Spelling {
  readonly verb: Verb
  readonly spelling: string
  readonly pattern: RegExp
}

/** Longer spellings first: `assign to me` is not `assign`. */
const SPELLINGS: readonly Spelling[] = COMMANDS.flatMap(({ verb, aliases }) =>
  [verb, ...aliases].map((spelling) => ({ verb, spelling, pattern: patternOf(spelling) })),
).toSorted((a, b) => b.spelling.length - a.spelling.length)

/** Finds the verb that a text begins with, in any case. `among`: only these count. */
export function findVerb(text: string, among: (row: CommandRow) => boolean = () => true): FoundVerb | undefined {
  const start = text.slice(0, LONGEST)
  for (const { verb, spelling, pattern } of SPELLINGS) {
    const end = pattern.exec(start)?.[0].length
    if (end !== undefined && among(rowOf(verb))) return { verb, spelling, end }
  }
  return undefined
}

/** Every spelling of one word, for suggestions: with its verb. */
export const SINGLE_WORDS: ReadonlyMap<string, Verb> = new Map(
  SPELLINGS.filter(({ spelling }) => /^[a-z-]{3,}$/.test(spelling)).map(({ spelling, verb }) => [spelling, verb]),
)

/** Characters that the longest spelling can take, with its spaces. */
const LONGEST = 64

function patternOf(spelling: string): RegExp {
  const escaped = spelling.replace('?', '\\?').replaceAll("'", "['’`´]").split(' ').join('\\s{1,3}')
  return new RegExp(`^${escaped}(?![\\p{L}\\p{N}]|['’-][\\p{L}\\p{N}])`, 'iu')
}
