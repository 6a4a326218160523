import { parseArgs } from 'node:util'
import { callbackUrls } from '@ticketing/server'
import { connectBoard } from 'ticket-adapters/trello'
import { intakeSecretId } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { connect, secretIdOf, type System } from '../connect.ts'
import { findPublicAddress } from '../public-address.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS, type Target } from '../target.ts'
import { printableLine } from '../text/printable.ts'
import { trelloAddress } from '../vendor-checks.ts'
import type { Command, CommandContext } from '../command.ts'

/** Makes Trello and Slack call the server. */
export const connectVendors: Command = {
  name: 'connect',
  summary: "make the webhook of Trello's board, and say what to paste into Slack's app",
  help: `ticketing connect     lets people work on tickets in Trello and Slack: makes the webhook of Trello's board, unless it
                      is there, and says what to paste into the settings of Slack's app. Safe to repeat.
  --public-url URL    where Trello and Slack reach the server (default: the running testbed's server, else
                      TICKETING_PUBLIC_URL, else NGROK_DOMAIN). It must be the server's own: Trello signs it
The server must run: Trello asks the address before it makes a webhook. Keys, best in the secret of intake:
  TRELLO_API_SECRET      the secret on the page of the Power-Up's API key
  SLACK_SIGNING_SECRET   of the Slack app that has the incoming webhook (Basic Information)
Without a key its vendor does not call: tickets are delivered, and what people do there stays there.${TARGET_HELP}`,
  async run(args, context) {
    const options = { ...TARGET_OPTIONS, 'public-url': { type: 'string' } } as const
    const { values } = parseArgs({ args: [...args], options })
    const target = await findTarget(values, context)
    const address = await findPublicAddress(values['public-url'], target, context)
    if (address === undefined)
      throw new CliError(
        'where do Trello and Slack reach the server? Name it: --public-url https://tickets.example.com',
        2,
      )
    const system = await connect(target, context)
    const urls = callbackUrls(address)
    const isTrello = await connectTrello(system, context, urls.trello)
    const isSlack = await describeSlack(system, context, urls.slack)
    if (isTrello || isSlack) return 0
    throw new CliError('nothing is connected')
  },
}

/** True when Trello's board calls the server. */
async function connectTrello(system: System, context: CommandContext, callbackUrl: string): Promise<boolean> {
  const { secret, target } = system
  if (secret.trelloApiSecret === undefined) {
    context.print(`Trello: not connected, ${missing('TRELLO_API_SECRET', target, context)}`)
    return false
  }
  const connection = await connectBoard({
    fetch,
    clock: context.clock,
    secret: secret.trello,
    callbackUrl,
    ...trelloAddress(target, context),
  })
  if (connection.kind === 'failed') {
    const todo =
      connection.code === 'address'
        ? ` The server must run, with TICKETING_PUBLIC_URL, and be reached there from outside; it answers 404 as long as it does not know TRELLO_API_SECRET, which it reads again after 30 seconds.`
        : ''
    throw new CliError(`Trello: ${connection.reason}${todo}`)
  }
  const { how, board, webhookId, failures, others } = connection
  const done = { made: 'made the webhook', found: 'the webhook is there:', enabled: 'enabled the webhook' }[how]
  context.print(`Trello: ${done} ${webhookId} of board "${printableLine(board)}"; it calls ${callbackUrl}`)
  if (failures > 0)
    context.print(`  its last ${failures} calls were not answered with 200: see what the log of the server says`)
  for (const { id, callbackURL } of others)
    context.print(
      `  webhook ${id} of the same board calls ${printableLine(callbackURL)}: delete it if nothing is there`,
    )
  return true
}

/** Slack has no call that sets the address. True when the server answers there. */
async function describeSlack({ secret, target }: System, context: CommandContext, url: string): Promise<boolean> {
  if (secret.slackSigningSecret === undefined) {
    context.print(`Slack: not connected, ${missing('SLACK_SIGNING_SECRET', target, context)}`)
    return false
  }
  const problem = await findProblem(url, context)
  if (problem !== undefined) throw new CliError(`Slack: ${problem}`)
  context.print('Slack: the server answers. In https://api.slack.com/apps open the app of the incoming webhook, then')
  context.print('  Interactivity & Shortcuts: switch Interactivity on, paste this as Request URL, and save:')
  context.print(`  ${url}`)
  return true
}

const TIMEOUT = 10_000

/** An unsigned request: a server that knows the secret refuses it with 401. */
async function findProblem(url: string, { clock }: CommandContext): Promise<string | undefined> {
  const abort = new AbortController()
  const cancel = clock.after(TIMEOUT, () => abort.abort())
  try {
    const { status } = await fetch(url, { method: 'POST', redirect: 'manual', signal: abort.signal })
    if (status === 401) return undefined
    if (status === 404)
      return `${url} answers 404: the server there does not know SLACK_SIGNING_SECRET, which it reads again after 30 seconds, or the address is not its own.`
    return `${url} answers ${status}, not 401 to a request without a signature: is the server there?`
  } catch {
    return `${url} does not answer: the server must run, and be reached there.`
  } finally {
    cancel()
  }
}

function missing(key: string, target: Target, context: CommandContext): string {
  return `${key} is not in the secret ${intakeSecretId(secretIdOf(target, context))}: put it there to connect`
}
