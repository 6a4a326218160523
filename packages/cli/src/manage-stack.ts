import type { StartFailure } from '@ticketing/server'
import { applyStack } from '@ticketing/stack'
import type { Log, Result } from 'ticket-core'
import { fail, succeed } from 'ticket-core'
import { stackError } from './print-target.ts'
import { CliError } from './cli-error.ts'
import { loadFunctions } from './load.ts'
import { findStack } from './stack-target.ts'
import type { Target } from './target.ts'
import type { CommandContext } from './command.ts'

/** Applies the stack as `up` does, for a server that starts: what it does is logged, what stands in its way is a value. */
export async function manageStack(
  target: Target,
  context: CommandContext,
  log: Log,
): Promise<Result<undefined, StartFailure>> {
  try {
    const logging = { ...context, print: (place: string) => log.write('info', 'stack.applying', { place }) }
    const { clients, desired } = await findStack(target, logging, await loadFunctions())
    const applied = await applyStack(desired, clients, {
      clock: context.clock,
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
    return fail({ code: error.mayPass ? 'unavailable' : 'configuration', lines: error.message.split('\n') })
  }
}
