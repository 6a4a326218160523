import { type Actions, FLAG, openSystem, parseAction, refuse, runAction, TEXT } from '../actions.ts'
import type { Command } from '../command.ts'
import { besideJson, printTarget } from '../print-target.ts'
import { TARGET_HELP } from '../target.ts'
import { CHANGE_ACTIONS } from '../tickets/change-actions.ts'
import { exportTickets } from '../tickets/export-tickets.ts'
import { forgetPerson } from '../tickets/forget-person.ts'
import { listTickets } from '../tickets/list-tickets.ts'
import { reindex } from '../tickets/reindex.ts'
import { readIds, readPriorityOf } from '../tickets/read-words.ts'
import { showTickets } from '../tickets/show-ticket.ts'

const HELP = `ticketing tickets list [--team ID] [--priority P] [--unassigned | --closed] [--limit N] [--json]
    the open tickets of all teams, the most urgent first, then the newest; --closed: the
    closed ones, the newest first
ticketing tickets show <id>… [--json]
    all of a ticket: state, words, history, comments, and where it was delivered
ticketing tickets take <id>… [--as NAME] [--json]
ticketing tickets assign <id>… --to NAME
ticketing tickets comment <id>… --text "…"
ticketing tickets priority <id>… --to low|medium|high
ticketing tickets close <id>… [--because "…"]
ticketing tickets reopen <id>… [--because "…"]
    queues what is to happen, as the chat's commands do, and says what the ticket will be;
    --as: in whose name (default: the user of this machine); --to: a person of the
    ticket's team who has written to the bot, by name
ticketing tickets export [<id>… | --team ID] [--to FILE [--json]]
    JSON lines, one whole case a line, in ASCII; --to: into a new file that only you can read
ticketing tickets reindex [--dry-run] [--json]
    makes the index, which lists read, what the cases ask for; safe while the system runs
ticketing tickets forget PERSON [--dry-run] [--json]
    erases a person, by the whole name or an id, from all that is kept: their names, the
    tickets that they reported, what they wrote; says what stands elsewhere. It cannot be
    undone; it can be interrupted and run again

<id> is a ticket's: T-7QK2M-9XD4R.${TARGET_HELP}`

/** Tickets after they were accepted: what operators do with them. */
export const tickets: Command = {
  name: 'tickets',
  summary: 'the tickets of all teams: list, show, change, export, reindex, forget',
  help: HELP,
  run: (args, context) => runAction(ACTIONS)(args, context),
}

/** Tickets that are listed without `--limit`, and at most. */
const USUAL_LIMIT = 50
const LARGEST_LIMIT = 10_000

const ACTIONS: Actions = {
  async list(args, context) {
    const own = { team: TEXT, priority: TEXT, unassigned: FLAG, closed: FLAG, limit: TEXT, json: FLAG }
    const { values, positionals } = parseAction('list', args, own)
    const { team, unassigned, closed, json } = values
    if (positionals.length > 0) refuse('list', 'takes no id; show <id> shows one')
    if (unassigned && closed) refuse('list', 'name --unassigned or --closed, not both')
    if (closed && values.priority !== undefined) refuse('list', '--closed goes without --priority: it is by time')
    const kind = closed ? 'closed' : unassigned ? 'unassigned' : 'open'
    const priority = values.priority === undefined ? undefined : readPriorityOf('list: --priority', values.priority)
    const limit = readLimit(values.limit)
    const { system, hint } = await openSystem(values, context)
    return listTickets(system, context, { kind, priority, team, limit, json, hint })
  },

  async show(args, context) {
    const { values, positionals } = parseAction('show', args, { json: FLAG })
    const ids = readIds('show', positionals)
    const { system, hint } = await openSystem(values, context)
    return showTickets(system, context, { ids, json: values.json, hint })
  },
  ...CHANGE_ACTIONS,

  async export(args, context) {
    const { values, positionals } = parseAction('export', args, { team: TEXT, to: TEXT, json: FLAG })
    const { team, to, json } = values
    const ids = positionals.length === 0 ? [] : readIds('export', positionals)
    if (ids.length > 0 && team !== undefined) refuse('export', 'name ids, or --team ID, not both')
    const { system, hint } = await openSystem(values, context)
    return exportTickets(system, context, { ids, team, to, json, hint })
  },

  async reindex(args, context) {
    const { values, positionals } = parseAction('reindex', args, { 'dry-run': FLAG, json: FLAG })
    if (positionals.length > 0) refuse('reindex', 'takes no id: it rebuilds the index of all tickets')
    const { 'dry-run': dryRun = false, json } = values
    const { target, system } = await openSystem(values, context)
    await printTarget(target, besideJson(context, json), system.secret.prefix)
    return reindex(system, context, { dryRun, json })
  },

  async forget(args, context) {
    const { values, positionals } = parseAction('forget', args, { 'dry-run': FLAG, json: FLAG })
    const [given = '', ...more] = positionals
    const person = given.trim()
    if (person === '' || more.length > 0) refuse('forget', 'expected one person: "Ada Lovelace", or an id')
    const { 'dry-run': dryRun = false, json } = values
    const { target, system, hint } = await openSystem(values, context)
    await printTarget(target, besideJson(context, json), system.secret.prefix)
    return forgetPerson(system, context, { person, dryRun, json, hint })
  },
}

function readLimit(given: string | undefined): number {
  if (given === undefined) return USUAL_LIMIT
  const limit = Number(given)
  if (/^\d+$/.test(given) && limit >= 1 && limit <= LARGEST_LIMIT) return limit
  return refuse('list', `--limit: expected a number from 1 to ${LARGEST_LIMIT}, got "${given}"`)
}
