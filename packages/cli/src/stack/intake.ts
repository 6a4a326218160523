import { readSettings } from '@ticketing/server'
import type { DesiredStack, IntakeDescription, StackPlan, StackProblem } from '@ticketing/stack'
import { createSettingReader, describeSettingProblem } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { Target } from '../target.ts'

/** The option of the commands that know where line 1 runs. */
export const INTAKE_OPTIONS = { intake: { type: 'string' } } as const

export const INTAKE_HELP = `
  --intake lambda    line 1 is a function with an address on the internet, and no server is needed
  --intake server    line 1 is a server (the default, or TICKETING_INTAKE): what is there of such a function is removed`

/** Where line 1 runs, and whether a person said so. */
export interface Intake {
  readonly kind: 'lambda' | 'server'
  readonly isSaid: boolean
}

export function readIntake({ intake }: { readonly intake?: string | undefined }, { env }: CommandContext): Intake {
  const said = intake ?? (env['TICKETING_INTAKE'] || undefined)
  if (said === undefined) return { kind: 'server', isSaid: false }
  if (said === 'lambda' || said === 'server') return { kind: said, isSaid: true }
  throw new CliError(
    `${intake === undefined ? 'TICKETING_INTAKE' : '--intake'}: expected lambda or server, got "${said}"`,
    2,
  )
}

/** What a server reads from its environment, and a function as well. */
const SETTINGS = [
  'TICKETING_LOG_LEVEL',
  'TICKETING_MAX_AGE',
  'TICKETING_ESCALATE_AFTER',
  'TICKETING_PUBLIC_URL',
  'TICKETING_TRELLO_URL',
  'TICKETING_SLACK_URL',
]

/** Line 1 as a function, with the settings that a server on this machine would have. */
export function describeIntakeFunction(zip: Uint8Array, target: Target, { env }: CommandContext): IntakeDescription {
  const given = SETTINGS.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []))
  const settings = {
    ...(target.running && { TICKETING_TRELLO_URL: target.running.trello, TICKETING_SLACK_URL: target.running.slack }),
    ...Object.fromEntries(given),
  }
  const { read, problems } = createSettingReader(env)
  const concurrency = read<number | 'none' | undefined>('TICKETING_INTAKE_CONCURRENCY', {
    fallback: undefined,
    expected: 'how many requests at the same time, a whole number from 1 to 1000, or none for no limit of its own',
    parse: (text) => (text === 'none' ? text : /^([1-9]\d{0,2}|1000)$/.test(text) ? Number(text) : undefined),
  })
  const checked = readSettings({ ...settings, AWS_ENDPOINT_URL: target.endpoint })
  const wrong = [...problems, ...(checked.ok ? [] : checked.failure)]
  if (wrong.length > 0) throw new CliError(wrong.map(describeSettingProblem).join('\n'))
  return { code: { zip, handler: 'index.handler' }, settings, ...(concurrency !== undefined && { concurrency }) }
}

/** The objection to a plan that takes the address away from Teams without having been told to. */
export function objectToRemoval(plan: StackPlan, { isSaid }: Intake): readonly StackProblem[] {
  const url = plan.changes.find(({ action, resource }) => action === 'remove' && resource.kind === 'url')
  const first = url ?? plan.changes.find(({ action }) => action === 'remove')
  if (isSaid || !first) return []
  return [
    {
      code: 'intake-unsaid',
      resource: first.resource,
      problem:
        'line 1 is a function here, and nothing says whether it stays: without it Teams, Trello and Slack get no answer at its address.',
      todo: 'Say --intake lambda (or TICKETING_INTAKE=lambda) to keep it, or --intake server to remove it, after a server answers at another address.',
    },
  ]
}

/** What to do with the address, once the function is there. */
export function describeAddress(
  { names }: DesiredStack,
  functionUrls: Readonly<Record<string, string>>,
): readonly string[] {
  const url = functionUrls[names.intake.function]
  if (url === undefined) return []
  const address = url.replace(/\/+$/, '')
  return [
    `line 1 answers at ${address}: paste it into Teams as the Callback URL of the outgoing webhook`,
    `where Trello or Slack call back: connect --public-url ${address}`,
  ]
}
