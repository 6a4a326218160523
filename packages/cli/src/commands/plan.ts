import { parseArgs } from 'node:util'
import { findOtherStacks, planStack } from '@ticketing/stack'
import { secretNameOf } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { loadFunctions } from '../load.ts'
import { besideJson, stackError } from '../print-target.ts'
import { findStack } from '../stack-target.ts'
import { describeOther } from '../stack/other-stacks.ts'
import { INTAKE_HELP, INTAKE_OPTIONS, readIntake } from '../stack/intake.ts'
import { planAsJson, writePlan } from '../stack/plan-file.ts'
import { showPlan } from '../stack/show-plan.ts'
import { findTarget, hintFor, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import type { Command, CommandContext } from '../command.ts'

const OPTIONS = {
  ...TARGET_OPTIONS,
  ...INTAKE_OPTIONS,
  json: { type: 'boolean' },
  out: { type: 'string' },
  'detailed-exitcode': { type: 'boolean' },
} as const

/** Shows what `up` would do. Changes nothing. */
export const plan: Command = {
  name: 'plan',
  summary: 'show what up would make and change in AWS, and why; changes nothing',
  help: `ticketing plan [--json] [--out FILE] [--detailed-exitcode]     changes nothing
  --json                print the plan as JSON
  --out FILE            keep the plan: up --plan FILE does just that, or refuses
  --detailed-exitcode   exit code 0: nothing to change; 2: something to change; 1: it could not be found out
                        (without it 0 in both cases)${INTAKE_HELP}${TARGET_HELP}`,
  async run(args, context) {
    try {
      return await show(args, context)
    } catch (error) {
      // 2 would mean that there is something to change.
      if (!args.includes('--detailed-exitcode') || !(error instanceof Error)) throw error
      if (error instanceof CliError || isMistake(error)) throw new CliError(error.message)
      throw error
    }
  },
}

async function show(args: readonly string[], context: CommandContext): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const target = await findTarget(values, context)
  const people = besideJson(context, values.json)
  const stack = await findStack(target, people, {
    bundles: await loadFunctions(),
    intake: readIntake(values, context),
  })
  const { clients, redactPlan, desired, secret, secretId } = stack
  const planned = await planStack(desired, clients, context)
  if (!planned.ok) throw stackError(planned.failure)
  const others = await findOtherStacks(clients, { prefix: secret.prefix, system: secretNameOf(secretId) })
  const shown = redactPlan(planned.value)
  const json = planAsJson(shown, { left: others.ok ? others.value : null })
  if (values.json) context.print(json)
  else showPlan(shown, context)
  if (!others.ok)
    people.print(`note: whether a stack of another prefix is there could not be found out: ${others.failure.problem}`)
  for (const other of others.ok ? others.value : [])
    for (const line of describeOther(other, hintFor(values))) people.print(line)
  if (values.out !== undefined) {
    await writePlan(json, { cwd: context.cwd, given: values.out })
    people.print(`kept in ${values.out}; to do just this: ${hintFor(values)(`up --plan ${values.out}`)}`)
  }
  return values['detailed-exitcode'] && shown.changes.length > 0 ? 2 : 0
}

function isMistake(error: Error): boolean {
  return String(Reflect.get(error, 'code')).startsWith('ERR_PARSE_ARGS_')
}
