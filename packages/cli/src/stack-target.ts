import type { StartFailure } from '@ticketing/server'
import {
  applyStack,
  describeStack,
  ensureSecret,
  type DesiredStack,
  type StackClients,
  type StackPlan,
} from '@ticketing/stack'
import type { Bundles } from '@ticketing/lambdas'
import { createRedaction } from 'ticket-adapters/log'
import { describeSettingProblem, fail, succeed, type AppSecret, type Log, type Result } from 'ticket-core'
import { loadFunctions } from './load.ts'
import { printTarget, stackError } from './print-target.ts'
import { CliError } from './cli-error.ts'
import { connect, secretIdOf } from './connect.ts'
import { readFunctionSettings } from './deployment-settings.ts'
import type { Target } from './target.ts'
import type { CommandContext } from './command.ts'

/** The stack that `up` and `down` work on. */
export interface StackTarget {
  readonly clients: StackClients
  readonly secret: AppSecret
  readonly desired: DesiredStack
  /** The plan without secrets: a function's environment may hold one that was put there by hand. */
  readonly redactPlan: (plan: StackPlan) => StackPlan
}

/** Finds account, region and prefix, prints them, and describes the desired stack. */
export async function findStack(target: Target, context: CommandContext, bundles: Bundles): Promise<StackTarget> {
  const { settings, problems } = readFunctionSettings(context.env)
  if (problems.length > 0) throw new CliError(problems.map(describeSettingProblem).join('\n'))
  const { secret } = await connect(target, context)
  const { clients, accountId, region } = await printTarget(target, context, secret.prefix)
  const secretId = secretIdOf(target, context)
  // The secret exists, it was just read. This only returns its ARN, which the roles of the functions name.
  const ensured = await ensureSecret(clients, { secretId, values: {} })
  if (!ensured.ok) throw stackError([ensured.failure])
  const desired = describeStack({
    prefix: secret.prefix,
    region,
    accountId,
    secretId,
    secretArn: ensured.value.arn,
    functions: functionsOf(bundles),
    settings: {
      ...settings,
      ...(target.running && { TICKETING_TRELLO_URL: target.running.trello }),
      // Its secret is not for functions.
      ...(secret.slackSigningSecret !== undefined && { TICKETING_SLACK_BUTTONS: '1' }),
    },
  })
  return { clients, secret, desired, redactPlan: createPlanRedaction(secret) }
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

/** Applies the stack as `up` does, for a server that starts. Logs the changes; returns failures as values. */
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
    return fail({ code: error.isTransient ? 'unavailable' : 'configuration', lines: error.message.split('\n') })
  }
}
