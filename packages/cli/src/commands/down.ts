import { parseArgs } from 'node:util'
import { destroyStack } from '@ticketing/stack'
import { nameResources } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { connect } from '../connect.ts'
import { printTarget, stackError } from '../print-target.ts'
import { PREFIX_RULE } from '../prefix-rule.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS, type Target } from '../target.ts'
import { showTime } from '../text/layout.ts'
import type { Command, CommandContext } from '../command.ts'

/** Removes the stack. It is refused while a queue or the bucket holds anything, unless the user says what becomes of it. */
export const down: Command = {
  name: 'down',
  summary: 'remove the AWS resources; refused while a queue or the bucket holds anything',
  help: `ticketing down [--keep-data | --delete-data] [--prefix P]     refused while a queue or the bucket holds anything: it says which, and how much
  --keep-data     leave a queue or bucket that holds anything, remove the rest. Nothing delivers what is in such a queue,
                  and SQS deletes it after 14 days, unless ticketing up makes the rest again before
  --delete-data   delete what they hold, too: it cannot be brought back
  --prefix P      the stack of this prefix, such as one that was left behind (default: PREFIX of the secret).
                  Needs no secret${TARGET_HELP}`,
  async run(args, context) {
    const options = {
      ...TARGET_OPTIONS,
      'delete-data': { type: 'boolean' },
      'keep-data': { type: 'boolean' },
      prefix: { type: 'string' },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    const { 'delete-data': deletes, 'keep-data': keeps } = values
    if (deletes && keeps) throw new CliError('--keep-data and --delete-data exclude each other: choose one', 2)
    const target = await findTarget(values, context)
    const stack = await findNames(target, context, values.prefix)
    const { clients, region } = await printTarget(target, context, stack.prefix)
    const destroyed = await destroyStack({ ...stack, region }, clients, {
      clock: context.clock,
      data: deletes ? 'delete' : keeps ? 'keep' : 'refuse',
      // What stands in for AWS has one place where a change is in force at once.
      ...(target.kind !== 'aws' && { propagationMs: 0 }),
      onStep: (step) => {
        if (step.kind === 'removed') context.print(`  removed ${step.resource.kind} ${step.resource.name}`)
      },
    })
    if (!destroyed.ok) throw stackError(destroyed.failure.problems)
    const { left } = destroyed.value
    for (const { resource, reason, keptUntil } of left) {
      context.print(`  left ${resource.kind} ${resource.name}: ${reason}`)
      if (keptUntil !== undefined) context.print(`    ${describeFate(keptUntil)}`)
    }
    // Without --keep-data, something arrived after it had looked.
    return !keeps && left.some(({ why }) => why === 'holds-data') ? 1 : 0
  },
}

/** What becomes of the messages in a queue that is left: its functions are gone, and no sender is allowed. */
function describeFate(keptUntil: number): string {
  return `nothing delivers from it any more. SQS deletes its messages by ${showTime(keptUntil)} at the latest; \`ticketing up\` before that opens it again and delivers them`
}

/** The prefix and the bucket: of the secret, or of the prefix that the user names. */
async function findNames(
  target: Target,
  context: CommandContext,
  given: string | undefined,
): Promise<{ readonly prefix: string; readonly bucket: string }> {
  if (given === undefined) {
    const { secret, bucket } = await connect(target, context)
    return { prefix: secret.prefix, bucket }
  }
  if (!PREFIX_RULE.form.test(given)) throw new CliError(`--prefix is "${given}": it must be ${PREFIX_RULE.expected}`, 2)
  return { prefix: given, bucket: nameResources(given).bucket }
}
