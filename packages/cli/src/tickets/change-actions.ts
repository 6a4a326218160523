import { type Case, type Change, choosePerson } from 'ticket-core'
import { type Actions, FLAG, openSystem, parseAction, refuse, TEXT } from '../actions.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { operatorName } from '../operator-name.ts'
import { besideJson, printTarget } from '../print-target.ts'
import type { TargetFlags } from '../target.ts'
import { type ChangeOptions, changeTickets } from './change-tickets.ts'
import { readIds, readPriorityOf } from './read-words.ts'

/** What operators do to tickets, as the chat's commands do. */
export const CHANGE_ACTIONS: Actions = {
  async take(args, context) {
    const { values, positionals } = parseAction('take', args, CHANGING)
    return change(context, { ids: readIds('take', positionals), values }, () => ({ kind: 'taken' }))
  },

  async assign(args, context) {
    const { values, positionals } = parseAction('assign', args, { ...CHANGING, to: TEXT })
    const ids = readIds('assign', positionals)
    const to = need('assign', '--to NAME', values.to)
    return change(context, { ids, values }, (known, system) => assignTo(to, system, known))
  },

  async comment(args, context) {
    const { values, positionals } = parseAction('comment', args, { ...CHANGING, text: TEXT })
    const ids = readIds('comment', positionals)
    const text = need('comment', '--text "…"', values.text)
    return change(context, { ids, values }, () => ({ kind: 'commented', text }))
  },

  async priority(args, context) {
    const { values, positionals } = parseAction('priority', args, { ...CHANGING, to: TEXT })
    const ids = readIds('priority', positionals)
    const to = readPriorityOf('priority: --to', need('priority', '--to low|medium|high', values.to))
    return change(context, { ids, values }, () => ({ kind: 'priority-changed', to }))
  },

  async close(args, context) {
    const { values, positionals } = parseAction('close', args, { ...CHANGING, because: TEXT })
    const reason = reasonOf(values.because)
    return change(context, { ids: readIds('close', positionals), values }, () => ({ kind: 'closed', ...reason }))
  },

  async reopen(args, context) {
    const { values, positionals } = parseAction('reopen', args, { ...CHANGING, because: TEXT })
    const reason = reasonOf(values.because)
    return change(context, { ids: readIds('reopen', positionals), values }, () => ({ kind: 'reopened', ...reason }))
  },
}

function reasonOf(because = ''): { readonly reason?: string } {
  return because.trim() === '' ? {} : { reason: because.trim() }
}

/** The options of every action that changes tickets. */
const CHANGING = { as: TEXT, json: FLAG } as const

/** What an action that changes tickets was asked to do. */
interface Asked {
  readonly ids: readonly string[]
  readonly values: TargetFlags & { readonly as?: string | undefined; readonly json?: boolean | undefined }
}

/** Changes tickets, after the account was printed. */
async function change(
  context: CommandContext,
  { ids, values }: Asked,
  make: (known: Case, system: System) => ReturnType<ChangeOptions['change']>,
): Promise<number> {
  const { json } = values
  const as = operatorName(values.as)
  const { target, system, hint } = await openSystem(values, context)
  await printTarget(target, besideJson(context, json), system.secret.prefix)
  return changeTickets(system, context, { ids, as, json, hint, change: (known) => make(known, system) })
}

/** Finds a person of the ticket's team. */
async function assignTo(name: string, { people }: System, known: Case): Promise<Change | { readonly refused: string }> {
  const chosen = choosePerson(await people.find(known.team ?? '', name), { known, name })
  switch (chosen.kind) {
    case 'person':
      return { kind: 'assigned', to: chosen.person }
    case 'unknown':
      return {
        refused: `no person in its team is known as ${name}: a person is known once they have written to the bot`,
      }
    case 'several':
      return { refused: `several people of its team are called ${name}: name one of them whole` }
    case 'unavailable':
      return { refused: `the address book could not be read: ${chosen.reason}` }
  }
}

/** The value of an option that an action needs. */
function need(action: string, option: string, given: string | undefined): string {
  const value = given?.trim() ?? ''
  return value === '' ? refuse(action, `${option} is needed`) : value
}
