import { parseArgs } from 'node:util'
import { destroyStack } from '@ticketing/stack'
import { loadFunctions } from '../load.ts'
import { stackError } from '../print-target.ts'
import { findStack } from '../stack-target.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import type { Command } from '../command.ts'

/** Deletes the stack. Data stays unless `--delete-data` is given. */
export const down: Command = {
  name: 'down',
  summary: 'take the AWS resources down; queues and buckets that hold anything stay',
  help: `ticketing down [--delete-data]     without --delete-data no queue and no bucket that holds anything is deleted${TARGET_HELP}`,
  async run(args, context) {
    const options = { ...TARGET_OPTIONS, 'delete-data': { type: 'boolean' } } as const
    const { values } = parseArgs({ args: [...args], options })
    const target = await findTarget(values, context)
    const { clients, desired } = await findStack(target, context, await loadFunctions())
    const destroyed = await destroyStack(desired, clients, {
      clock: context.clock,
      deleteData: values['delete-data'] ?? false,
      onStep: (step) => {
        if (step.kind === 'removed') context.print(`  removed ${step.resource.kind} ${step.resource.name}`)
      },
    })
    if (!destroyed.ok) throw stackError(destroyed.failure.problems)
    for (const { resource, reason } of destroyed.value.left)
      context.print(`  left ${resource.kind} ${resource.name}: ${reason}`)
    return 0
  },
}
