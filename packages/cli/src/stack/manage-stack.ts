import type { StartFailure } from '@ticketing/server'
import { applyStack } from '@ticketing/stack'
import { fail, succeed, type Log, type Result } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { loadFunctions } from '../load.ts'
import { stackError } from '../print-target.ts'
import { findStack } from '../stack-target.ts'
import { hintFor, type Target } from '../target.ts'
import type { CommandContext } from '../command.ts'
import { objectToSecondStack } from './other-stacks.ts'

/** Applies the stack as `up` does, for a server that starts. Logs the changes; returns failures as values. */
export async function manageStack(
  target: Target,
  context: CommandContext,
  log: Log,
): Promise<Result<undefined, StartFailure>> {
  try {
    const logging = { ...context, print: (place: string) => log.write('info', 'stack.applying', { place }) }
    const found = await findStack(target, logging, { bundles: await loadFunctions() })
    const { clients, desired } = found
    const applied = await applyStack(desired, clients, {
      clock: context.clock,
      approve: (plan) =>
        objectToSecondStack(plan, found, { from: undefined, hint: hintFor({}), note: (line) => logging.print(line) }),
      onStep: (step) => {
        if (step.kind !== 'changed') return
        const { action, resource } = step.change
        log.write('info', 'stack.changed', { action, kind: resource.kind, name: resource.name })
      },
    })
    if (!applied.ok) throw stackError(applied.failure.problems)
    const { changes, milliseconds } = applied.value
    log.write('info', 'stack.applied', { changes: changes.length, milliseconds })
    return succeed(undefined)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return fail({ code: error.isTransient ? 'unavailable' : 'configuration', lines: error.message.split('\n') })
  }
}
