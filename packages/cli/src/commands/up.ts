import { parseArgs } from 'node:util'
import { applyStack, findDeviations } from '@ticketing/stack'
import { loadFunctions } from '../load.ts'
import { describeSharedTokens, stackError } from '../print-target.ts'
import { secretIdOf } from '../connect.ts'
import { findStack } from '../stack-target.ts'
import { describeMove, objectToSecondStack } from '../stack/other-stacks.ts'
import { describeAddress, INTAKE_HELP, INTAKE_OPTIONS, objectToRemoval, readIntake } from '../stack/intake.ts'
import { readPlan } from '../stack/plan-file.ts'
import { findTarget, hintFor, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import type { Command } from '../command.ts'

/** Applies the stack: creates missing resources, updates different ones. */
export const up: Command = {
  name: 'up',
  summary: 'apply the AWS resources: make what is missing, change what differs',
  help: `ticketing up [--plan FILE] [--from-prefix OLD]     safe to run again and again; needs the secret, and the functions' zips (npx -y pnpm@12 bundle)
  --plan FILE    do just what this plan says (plan --out FILE), or nothing if that is not what would happen any more
  --from-prefix OLD   the secret has another PREFIX now: take the place of the stack of this one, and keep its bucket${INTAKE_HELP}${TARGET_HELP}`,
  async run(args, context) {
    const options = {
      ...TARGET_OPTIONS,
      ...INTAKE_OPTIONS,
      plan: { type: 'string' },
      'from-prefix': { type: 'string' },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    const intake = readIntake(values, context)
    const target = await findTarget(values, context)
    const agreed = values.plan === undefined ? undefined : await readPlan({ cwd: context.cwd, given: values.plan })
    const found = await findStack(target, context, { bundles: await loadFunctions(), intake })
    const { clients, secret, desired, redactPlan } = found
    const { 'from-prefix': from } = values
    const move = { from, hint: hintFor(values), note: (line: string) => context.print(line) }
    if (secret.sharedTokens) context.print(describeSharedTokens(secretIdOf(target, context)))
    const applied = await applyStack(desired, clients, {
      clock: context.clock,
      approve: async (plan) => [
        ...(agreed ? findDeviations(agreed, redactPlan(plan)) : objectToRemoval(plan, intake)),
        ...(await objectToSecondStack(plan, found, move)),
      ],
      onStep: (step) => {
        if (step.kind === 'changed')
          context.print(`  ${step.change.action} ${step.change.resource.kind} ${step.change.resource.name}`)
        if (step.kind === 'removed') context.print(`  remove ${step.resource.kind} ${step.resource.name}`)
        if (step.kind === 'waiting')
          context.print(`  waiting for ${step.resource.kind} ${step.resource.name}: ${step.reason}`)
      },
    })
    if (!applied.ok) throw stackError(applied.failure.problems)
    const { changes, functionUrls, milliseconds } = applied.value
    context.print(
      changes.length === 0 ? 'nothing to change' : `${changes.length} changes in ${(milliseconds / 1000).toFixed(1)} s`,
    )
    if (from !== undefined) for (const line of await describeMove(found, { from, hint: move.hint })) context.print(line)
    for (const line of describeAddress(desired, functionUrls)) context.print(line)
    return 0
  },
}
