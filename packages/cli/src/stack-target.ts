import { describeStack, ensureSecret, type DesiredStack, type StackClients, type StackPlan } from '@ticketing/stack'
import type { Bundles } from '@ticketing/lambdas'
import { createRedaction } from 'ticket-adapters/log'
import { describeSettingProblem, type AppSecret } from 'ticket-core'
import { printTarget, stackError } from './print-target.ts'
import { CliError } from './cli-error.ts'
import { connect, secretIdOf } from './connect.ts'
import { DEV_SETTINGS, readFunctionSettings } from './deployment-settings.ts'
import { type Intake, describeIntakeFunction } from './stack/intake.ts'
import type { Target } from './target.ts'
import type { CommandContext } from './command.ts'

/** The stack that `up` and `down` work on. */
export interface StackTarget {
  readonly clients: StackClients
  readonly secret: AppSecret
  /** Name or ARN. */
  readonly secretId: string
  readonly bucket: string
  readonly desired: DesiredStack
  /** The plan without secrets: a function's environment may hold one that was put there by hand. */
  readonly redactPlan: (plan: StackPlan) => StackPlan
}

/** Finds account, region and prefix, prints them, and describes the desired stack. */
export async function findStack(
  target: Target,
  context: CommandContext,
  { bundles, intake }: { readonly bundles: Bundles; readonly intake?: Intake },
): Promise<StackTarget> {
  const { settings, problems } = readFunctionSettings(context.env)
  if (problems.length > 0) throw new CliError(problems.map(describeSettingProblem).join('\n'))
  const { secret, bucket } = await connect(target, context)
  const { clients, accountId, region } = await printTarget(target, context, secret.prefix)
  const secretId = secretIdOf(target, context)
  // The secret exists, it was just read. This only returns its ARN, which the roles of the functions name.
  const ensured = await ensureSecret(clients, { secretId, values: {} })
  if (!ensured.ok) throw stackError([ensured.failure])
  const desired = describeStack({
    prefix: secret.prefix,
    bucket: secret.bucket,
    region,
    accountId,
    secretId,
    secretArn: ensured.value.arn,
    functions: functionsOf(bundles),
    ...(intake && {
      intake: intake.kind === 'lambda' ? describeIntakeFunction(bundles.intake, target, context) : 'none',
    }),
    settings: {
      ...(target.running && DEV_SETTINGS),
      ...settings,
      ...(target.running && { TICKETING_TRELLO_URL: target.running.trello }),
      // Its secret is not for functions.
      ...(secret.slackSigningSecret !== undefined && { TICKETING_SLACK_BUTTONS: '1' }),
    },
  })
  return { clients, secret, secretId, bucket, desired, redactPlan: createPlanRedaction(secret) }
}

function createPlanRedaction(secret: AppSecret): StackTarget['redactPlan'] {
  const redaction = createRedaction()
  redaction.hideAppSecret(secret)
  return (plan) => ({
    ...plan,
    changes: plan.changes.map((change) => ({
      ...change,
      differences: change.differences.map(({ field, from, to }) => ({
        field,
        ...(from !== undefined && { from: redaction.redact(from) }),
        to: redaction.redact(to),
      })),
    })),
  })
}

/** The functions' code as the stack takes it. */
function functionsOf({
  low,
  medium,
  high,
  news,
  events,
  dead,
}: Bundles): Parameters<typeof describeStack>[0]['functions'] {
  const handler = 'index.handler'
  return {
    low: { zip: low, handler },
    medium: { zip: medium, handler },
    high: { zip: high, handler },
    news: { zip: news, handler },
    events: { zip: events, handler },
    dead: { zip: dead, handler },
  }
}
