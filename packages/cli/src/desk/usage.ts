import { parseArgs } from 'node:util'
import { readTicketId } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import type { TargetFlags } from '../target.ts'
import { isLetterKey } from './read-letters.ts'

export const DESK_HELP: string = `ticketing dead-letters list [--cause NAME] [--closed] [--json]
    those that wait for somebody, grouped by cause, each with the time of its death;
    --cause: all of one;
    --closed: also those that were redriven, closed, or delivered after all
ticketing dead-letters show <id>… [--message] [--json]
    ticket, cause, attempts, earlier deaths; --message: what was in the queue, whole
ticketing dead-letters redrive <id>… [--closed] | --cause NAME | --all [--dry-run]
    sends tickets on their way again, once their cause is mended; --dry-run only says
    what it would do. It can be interrupted and run again: nothing is delivered twice.
    Refused: what the ledger shows as delivered, or on its way; what holds no ticket;
    what is closed, unless it is named with --closed.
ticketing dead-letters close <id>… | --cause NAME --because "…" [--dry-run]
    notes that nothing is left to do, and why: it was handled by hand, or is nobody's
    message. Nothing is deleted; list --closed, show and export have it still.
    Refused: what is delivered, or on its way, or closed.
ticketing dead-letters export [<id>… | --cause NAME] [--closed] [--to FILE]
    JSON lines, to keep or hand on: one archived letter a line, whole, in ASCII. The
    text that was in the queue is in .message.body, the same to the byte.
ticketing dead-letters export <id> --body --to FILE
    only that text, byte for byte

<id> is a ticket's (T-7QK2M-9XD4R), or that of a letter without one: unreadable-… (no
ticket could be read from it) or collision-… (it came under the id of another ticket).
NAME is what list prints. A ticket's life is 0 at first; each redrive begins the next.${TARGET_HELP}`

const OPTIONS = {
  ...TARGET_OPTIONS,
  all: { type: 'boolean' },
  because: { type: 'string' },
  body: { type: 'boolean' },
  cause: { type: 'string' },
  closed: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  message: { type: 'boolean' },
  to: { type: 'string' },
} as const

const ACTIONS = {
  list: ['cause', 'closed', 'json'],
  show: ['message', 'json'],
  redrive: ['cause', 'all', 'closed', 'dry-run'],
  close: ['cause', 'because', 'dry-run'],
  export: ['cause', 'closed', 'to', 'body'],
} as const

type Action = keyof typeof ACTIONS

/** The options as they were given. */
interface Values extends TargetFlags {
  readonly all?: boolean | undefined
  readonly because?: string | undefined
  readonly body?: boolean | undefined
  readonly cause?: string | undefined
  readonly closed?: boolean | undefined
  readonly 'dry-run'?: boolean | undefined
  readonly json?: boolean | undefined
  readonly message?: boolean | undefined
  readonly to?: string | undefined
}

/** A command line of the desk. */
export interface Usage {
  readonly action: Action
  readonly keys: readonly string[]
  readonly values: Values
}

/** UTF-16 units. */
const LONGEST_REASON = 1000

const EXPECTED = 'expected list, show, redrive, close or export'

/** Reads a command line: what is wrong with it is said before anything is connected to. */
export function readUsage(args: readonly string[]): Usage {
  const parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  const values: Values = parsed.values
  const [given, ...rest] = parsed.positionals
  if (given === undefined) throw new CliError(EXPECTED, 2)
  if (!isAction(given)) throw new CliError(`${EXPECTED}, got "${given}"`, 2)
  refuseForeign(given, values)
  if (given === 'list' && rest.length > 0) throw new CliError('list: takes no id; show <id> shows one', 2)
  const keys = [...new Set(rest.map((key) => readKey(given, key)))]
  checkChoice(given, keys, values)
  return { action: given, keys, values }
}

function isAction(text: string): text is Action {
  return Object.hasOwn(ACTIONS, text)
}

function refuseForeign(action: Action, values: Values): void {
  const own: readonly string[] = ACTIONS[action]
  const foreign = Object.keys(values).filter((name) => !own.includes(name) && !Object.hasOwn(TARGET_OPTIONS, name))
  if (foreign.length > 0)
    throw new CliError(`${action}: ${show(foreign)} is not for it; ${action} takes ${show(own)}`, 2)
}

function show(names: readonly string[]): string {
  return names.map((name) => `--${name}`).join(', ')
}

/** The key of a letter, however a person typed it. */
function readKey(action: Action, given: string): string {
  const key =
    readTicketId(given) ??
    given
      .trim()
      .toLowerCase()
      .replace(/\.json$/, '')
  if (isLetterKey(key)) return key
  throw new CliError(
    `${action}: expected an id such as T-7QK2M-9XD4R, or unreadable-… or collision-… as list prints them, got "${given}"`,
    2,
  )
}

function checkChoice(action: Action, keys: readonly string[], values: Values): void {
  const { all, because, closed, cause, body, to, message, json } = values
  const refuse = (text: string): never => {
    throw new CliError(`${action}: ${text}`, 2)
  }
  switch (action) {
    case 'list':
      return
    case 'show':
      if (keys.length === 0) refuse('expected an id, such as T-7QK2M-9XD4R')
      if (message && json) refuse('--json holds the whole message already: leave --message out')
      return
    case 'redrive':
      if ([keys.length > 0, cause !== undefined, all].filter(Boolean).length !== 1)
        refuse('name ids, or --cause NAME, or --all: one of the three')
      if (closed && keys.length === 0) refuse('--closed goes with ids only')
      return
    case 'close':
      if (keys.length > 0 === (cause !== undefined)) refuse('name ids, or --cause NAME: one of the two')
      if (!because?.trim()) refuse('--because "…" is needed: why nothing is left to do')
      if (because && because.length > LONGEST_REASON)
        refuse(`--because has ${because.length} characters, ${LONGEST_REASON} at most`)
      return
    case 'export':
      if (keys.length > 0 && cause !== undefined) refuse('name ids, or --cause NAME, not both')
      if (body && (keys.length !== 1 || to === undefined)) refuse('--body wants one id and --to FILE')
      return
  }
}
