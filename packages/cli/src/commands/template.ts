import { parseArgs } from 'node:util'
import { cloudFormationTemplate, terraformConfiguration, type DesiredStack } from '@ticketing/stack'
import { CliError } from '../cli-error.ts'
import { loadFunctions } from '../load.ts'
import { besideJson } from '../print-target.ts'
import { findStack } from '../stack-target.ts'
import { INTAKE_HELP, INTAKE_OPTIONS, readIntake } from '../stack/intake.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import { asciiJson } from '../text/printable.ts'
import type { Command } from '../command.ts'

const FORMATS: Readonly<Record<string, (stack: DesiredStack) => object>> = {
  cloudformation: cloudFormationTemplate,
  terraform: terraformConfiguration,
}

/** Prints the stack that `up` would make, for the tools of others. */
export const template: Command = {
  name: 'template',
  summary: 'print the AWS resources as a CloudFormation template or a Terraform configuration',
  help: `ticketing template --format cloudformation|terraform     what up would make, for organisations that allow nothing else; changes nothing
  --format cloudformation   a template; its parameters CodeBucket and CodeFolder say where the functions' zips are
  --format terraform        a configuration in JSON (main.tf.json); its variable code is the folder of the zips
                            (the zips: npx -y pnpm@12 bundle, then packages/lambdas/bundles)${INTAKE_HELP}${TARGET_HELP}`,
  async run(args, context) {
    const options = { ...TARGET_OPTIONS, ...INTAKE_OPTIONS, format: { type: 'string' } } as const
    const { values } = parseArgs({ args: [...args], options })
    const { format = '' } = values
    const describe = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
    if (!describe)
      throw new CliError(
        format === ''
          ? `--format is missing: name ${Object.keys(FORMATS).join(' or ')}`
          : `--format: expected ${Object.keys(FORMATS).join(' or ')}, got "${format}"`,
        2,
      )
    const target = await findTarget(values, context)
    const { desired } = await findStack(target, besideJson(context, true), {
      bundles: await loadFunctions(),
      intake: readIntake(values, context),
    })
    context.print(asciiJson(describe(desired)))
    return 0
  },
}
