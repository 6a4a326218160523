import { parseArgs } from 'node:util'
import { readTicketId } from 'ticket-core'
import { describeSharedTokens } from '../print-target.ts'
import { CliError } from '../cli-error.ts'
import { connect, secretIdOf } from '../connect.ts'
import { hintFor, findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import { describeRecord } from '../show-record.ts'
import { lineWidth } from '../text/layout.ts'
import { asciiJson } from '../text/printable.ts'
import type { Command } from '../command.ts'

/** The state of a ticket, from the ledger. */
export const status: Command = {
  name: 'status',
  summary: 'the state of a ticket',
  help: `ticketing status <ticket id> [--json]     what the ledger knows of it: state, attempts, where it landed${TARGET_HELP}`,
  async run(args, context) {
    const options = { ...TARGET_OPTIONS, json: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [given, ...more] = positionals
    if (more.length > 0) throw new CliError(`expected one ticket id, got ${positionals.length}`, 2)
    const id = given === undefined ? undefined : readTicketId(given)
    if (id === undefined)
      throw new CliError(
        `expected a ticket id such as T-7QK2M-9XD4R${given === undefined ? '' : `, got "${given}"`}`,
        2,
      )
    const target = await findTarget(values, context)
    const { bucket, ledger, secret } = await connect(target, context)
    if (secret.sharedTokens) context.printError(describeSharedTokens(secretIdOf(target, context)))
    const stored = await ledger.read(id)
    if (stored.kind === 'unavailable') throw new CliError(`the ledger could not be read: ${stored.reason}`)
    if (stored.kind === 'absent') {
      if (values.json) context.print(asciiJson({ id, record: null }))
      else context.print(`${id} has no record: not delivered yet, or never accepted`)
      return 1
    }
    if (values.json) {
      context.print(asciiJson({ id, record: stored.item }))
      return 0
    }
    for (const line of describeRecord(stored.item, { width: lineWidth(context.columns), bucket })) context.print(line)
    if (stored.item.state === 'dead') context.print(`  more: ${hintFor(values)(`dead-letters show ${id}`)}`)
    return 0
  },
}
