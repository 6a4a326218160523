import { readCaller, type StackClients, type StackProblem } from '@ticketing/stack'
import { intakeSecretId } from 'ticket-core'
import { CliError } from './cli-error.ts'
import { createClientsOf } from './connect.ts'
import type { Target } from './target.ts'
import type { CommandContext } from './command.ts'

/** The account and region that a command will change. */
export interface Place {
  readonly clients: StackClients
  readonly accountId: string
  readonly region: string
}

/** Finds account and region, and prints them with the prefix, before the command changes anything. */
export async function printTarget(target: Target, context: CommandContext, prefix: string): Promise<Place> {
  const clients = createClientsOf(target, context)
  const read = await readCaller(clients)
  if (!read.ok) throw stackError([read.failure])
  const { accountId } = read.value
  const region = target.region ?? (await clients.sqs.config.region())
  const where = target.endpoint === undefined ? ' (real AWS)' : ` at ${target.endpoint}`
  context.print(`account ${accountId}, region ${region}, prefix ${prefix}${where}`)
  return { clients, accountId, region }
}

/** With --json standard output holds nothing but JSON: what is for people goes to standard error. */
export function besideJson(context: CommandContext, json: boolean | undefined): CommandContext {
  return json ? { ...context, print: (line) => context.printError(line) } : context
}

/** The note for a secret that holds both what intake verifies requests with and the functions' keys. */
export function describeSharedTokens(secretId: string): string {
  return (
    `note: TEAMS_HMAC_SECRET, TRELLO_API_SECRET or SLACK_SIGNING_SECRET is in the secret ${secretId}, which the functions read: who takes one of them over can write messages as Teams, Trello or Slack. ` +
    `Put these keys into a secret ${intakeSecretId(secretId)} (a JSON object of them), which only the server reads, and take them out of ${secretId}.`
  )
}

/** One message for all problems, with what to do about each. */
export function stackError(problems: readonly StackProblem[]): CliError {
  return new CliError(
    problems.map(({ resource, problem, todo }) => `${resource.kind} ${resource.name}: ${problem} ${todo}`).join('\n'),
    1,
    { isTransient: problems.every(({ code }) => code === 'unreachable' || code === 'gave-up-waiting') },
  )
}
