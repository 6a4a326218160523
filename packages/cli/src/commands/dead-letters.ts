import { LETTER_KEYS, readLetterKey } from 'ticket-core'
import { besideJson, printTarget } from '../print-target.ts'
import { type Actions, FLAG, openSystem, parseAction, refuse, runAction, TEXT } from '../actions.ts'
import { closeLetters } from '../dead-letters/close-letters.ts'
import { editLetter } from '../dead-letters/edit-letter.ts'
import { exportLetters } from '../dead-letters/export-letters.ts'
import { listLetters } from '../dead-letters/list-letters.ts'
import { readEdit } from '../dead-letters/read-edit.ts'
import { redriveLetters } from '../dead-letters/redrive-letters.ts'
import { showLetters } from '../dead-letters/show-letter.ts'
import { operatorName } from '../operator-name.ts'
import { TARGET_HELP } from '../target.ts'
import type { Command } from '../command.ts'

const HELP = `ticketing dead-letters list [--cause NAME] [--closed] [--json]
    those that are waiting, grouped by cause, each with its time;
    --cause: all of one cause;
    --closed: also those that were redriven, closed, or delivered after all
ticketing dead-letters show <id>… [--message] [--json]
    ticket, cause, attempts, earlier lives; --message: the whole message from the queue
ticketing dead-letters redrive <id>… [--closed] | --cause NAME | --all [--dry-run] [--json]
    sends tickets again, once their cause is fixed; --dry-run only says what it would
    do. It can be interrupted and run again: nothing is delivered twice.
    Refused: a ticket that the ledger shows as delivered, or on its way; a message
    without a ticket; a closed one, unless it is named with --closed.
ticketing dead-letters redrive <id> --set title="…" --set description="…" | --edit FILE [--as NAME]
    edits one ticket and sends it again; FILE is JSON: {"title":"…","description":"…"}.
    The ticket's history says who edited it (--as; default: the user of this machine)
ticketing dead-letters close <id>… | --cause NAME --because "…" [--dry-run] [--json]
    records that nothing is left to do, and why: it was handled by hand, or is not a
    message of ours. Nothing is deleted; list --closed, show and export still show it.
    Refused: one that is delivered, or on its way, or closed.
ticketing dead-letters export [<id>… | --cause NAME] [--closed] [--to FILE [--json]]
    JSON lines, to keep or pass on: one whole archived letter a line, in ASCII. The
    text from the queue is in .message.body, byte for byte.
ticketing dead-letters export <id> --body --to FILE
    only that text, byte for byte

<id> is a ticket's (T-7QK2M-9XD4R), or, as list prints it, of a letter of
${Object.entries(LETTER_KEYS)
  .map(([kind, { of }]) => `    ${`${kind}-…`.padEnd(14)} ${of}`)
  .join('\n')}
NAME is what list prints. A ticket's life is 0 at first; each redrive begins the next.${TARGET_HELP}`

/** Dead letters: list, show, redrive, close, export. */
export const deadLetters: Command = {
  name: 'dead-letters',
  summary: 'what could not be delivered: list, show, redrive, close, export',
  help: HELP,
  run: (args, context) => runAction(ACTIONS)(args, context),
}

/** UTF-16 code units. */
const LONGEST_REASON = 1000

const ACTIONS: Actions = {
  async list(args, context) {
    const { values, positionals } = parseAction('list', args, { cause: TEXT, closed: FLAG, json: FLAG })
    if (positionals.length > 0) refuse('list', 'takes no id; show <id> shows one')
    const { system, hint } = await openSystem(values, context)
    return listLetters(system, context, { ...values, hint })
  },

  async show(args, context) {
    const { values, positionals } = parseAction('show', args, { message: FLAG, json: FLAG })
    const keys = readKeys('show', positionals)
    if (keys.length === 0) refuse('show', 'expected an id, such as T-7QK2M-9XD4R')
    if (values.message && values.json) refuse('show', '--json holds the whole message already: leave --message out')
    const { system, hint } = await openSystem(values, context)
    return showLetters(system, context, { ...values, keys, hint })
  },

  async redrive(args, context) {
    const options = {
      cause: TEXT,
      all: FLAG,
      closed: FLAG,
      'dry-run': FLAG,
      set: { type: 'string', multiple: true },
      edit: TEXT,
      as: TEXT,
      json: FLAG,
    } as const
    const { values, positionals } = parseAction('redrive', args, options)
    const { cause, all, closed, json, 'dry-run': dryRun = false } = values
    const keys = readKeys('redrive', positionals)
    if ([keys.length > 0, cause !== undefined, all].filter(Boolean).length !== 1)
      refuse('redrive', 'name ids, or --cause NAME, or --all: one of the three')
    if (closed && keys.length === 0) refuse('redrive', '--closed goes with ids only')
    const words = await readEdit(values, context.cwd)
    const [key = ''] = keys
    if (words && keys.length !== 1) refuse('redrive', '--set and --edit go with one id')
    if (!words && values.as !== undefined) refuse('redrive', '--as goes with --set or --edit')
    const as = operatorName(values.as)
    const { target, system, hint } = await openSystem(values, context)
    const people = besideJson(context, json)
    await printTarget(target, people, system.secret.prefix)
    if (words) await editLetter(system, people, { key, words, as, dryRun, hint })
    return redriveLetters(system, context, { keys, cause, closed, dryRun, json, hint })
  },

  async close(args, context) {
    const { values, positionals } = parseAction('close', args, {
      cause: TEXT,
      because: TEXT,
      'dry-run': FLAG,
      json: FLAG,
    })
    const { cause, json, 'dry-run': dryRun = false } = values
    const keys = readKeys('close', positionals)
    if (keys.length > 0 === (cause !== undefined)) refuse('close', 'name ids, or --cause NAME: one of the two')
    const because = values.because?.trim() ?? ''
    if (because === '') refuse('close', '--because "…" is needed: why nothing is left to do')
    if (because.length > LONGEST_REASON)
      refuse('close', `--because has ${because.length} characters, ${LONGEST_REASON} at most`)
    const { target, system } = await openSystem(values, context)
    await printTarget(target, besideJson(context, json), system.secret.prefix)
    return closeLetters(system, context, { keys, cause, because, dryRun, json })
  },

  async export(args, context) {
    const { values, positionals } = parseAction('export', args, {
      cause: TEXT,
      closed: FLAG,
      to: TEXT,
      body: FLAG,
      json: FLAG,
    })
    const keys = readKeys('export', positionals)
    if (keys.length > 0 && values.cause !== undefined) refuse('export', 'name ids, or --cause NAME, not both')
    if (values.body && (keys.length !== 1 || values.to === undefined))
      refuse('export', '--body wants one id and --to FILE')
    const { system, hint } = await openSystem(values, context)
    return exportLetters(system, context, { ...values, keys, hint })
  },
}

/** The keys of letters, in any spelling of people, each once. */
function readKeys(action: string, positionals: readonly string[]): readonly string[] {
  const keys = positionals.map((given) => {
    const beginnings = Object.keys(LETTER_KEYS).map((kind) => `${kind}-…`)
    const expected = `an id such as T-7QK2M-9XD4R, or another one that list prints (${beginnings.join(', ')})`
    return readLetterKey(given) ?? refuse(action, `expected ${expected}, got "${given}"`)
  })
  return [...new Set(keys)]
}
