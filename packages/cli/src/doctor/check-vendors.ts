import { callbackUrls } from '@ticketing/server'
import type { TrelloWebhook } from 'ticket-adapters/trello'
import { readNewsSecret, readTrelloSecret } from 'ticket-core'
import { findProblems } from '../init/keys.ts'
import { checkSlack, checkTrello, checkWorkflows, openTrelloCheck, type VendorFinding } from '../vendor-checks.ts'
import { printableLine } from '../text/printable.ts'
import { readValues } from './check-secret.ts'
import { type Finding, notChecked, ok, Unavailable, wrong } from './check.ts'
import type { Facts } from './facts.ts'

/** Key, token, board and lists, as Trello sees them. */
export async function checkTrelloValues(facts: Facts): Promise<readonly Finding[]> {
  const { context, trello, hint } = facts
  const read = readTrelloSecret(JSON.stringify(await readValues(facts)), facts)
  if (!read.ok) throw new Unavailable('needs the keys of Trello in the secret')
  const secret = read.value.trello
  const check = openTrelloCheck(secret, { clock: context.clock, ...trello })
  return (await checkTrello(secret, check)).map((found) => asFinding(found, hint))
}

/** The webhook by which Trello says what people do on the board. */
export async function checkTrelloWebhook(facts: Facts): Promise<readonly Finding[]> {
  const name = 'trello-webhook'
  const { context, trello, hint, secret: findSecret, address } = facts
  const secret = await findSecret()
  if (secret.trelloApiSecret === undefined)
    return [ok(name, 'not set up: what people do on the board stays there (TRELLO_API_SECRET)')]
  const url = callbackUrls(await address()).trello
  const check = openTrelloCheck(secret.trello, { clock: context.clock, ...trello })
  const board = await check.board()
  if (board.kind !== 'right') throw new Unavailable('needs the board')
  const listed = await check.webhooks(board.value.id)
  if (listed.kind !== 'right') return [notChecked(name, listed.reason)]
  return [judgeWebhook(listed.value, url, hint)]
}

function judgeWebhook(webhooks: readonly TrelloWebhook[], url: string, hint: Facts['hint']): Finding {
  const name = 'trello-webhook'
  const own = webhooks.find(({ callbackURL }) => callbackURL === url)
  if (!own) {
    const others = webhooks.map(({ callbackURL }) => printableLine(callbackURL))
    const instead = others.length === 0 ? '' : `; those of the board call ${others.join(', ')}`
    return wrong(
      name,
      `no webhook of the board calls ${url}${instead}`,
      `Make it, with the server running: ${hint('connect')}`,
    )
  }
  if (!own.active)
    return wrong(name, 'Trello has switched it off after too many failures', `Switch it on: ${hint('connect')}`)
  if (own.consecutiveFailures > 0)
    return wrong(
      name,
      `the last ${own.consecutiveFailures} callbacks were not answered with 200 (consecutiveFailures)`,
      'See what the checks of the address say, and the log of the server; it is 0 again after the next callback that works',
    )
  return ok(name, `it calls ${url}`)
}

/** Slack's webhooks of tickets and of the admin; nothing is posted. */
export async function checkSlackWebhooks(facts: Facts): Promise<readonly Finding[]> {
  const { context, hint, allowHttp } = facts
  const values = await readValues(facts)
  const malformed = new Set(findProblems(values, allowHttp).map(({ key }) => key))
  const found = await Promise.all(
    (['SLACK_URL', 'ADMIN_SLACK_URL'] as const).map(async (key): Promise<Finding> => {
      const name = key === 'SLACK_URL' ? 'slack' : 'slack-admin'
      const url = values[key]
      if (malformed.has(key)) return notChecked(name, `needs ${key} in the secret`)
      if (url === undefined) return ok(name, 'not set: notices of dead letters go to the channel of tickets')
      return asFinding(await checkSlack(url, key, context.clock), hint)
    }),
  )
  return found
}

/** The addresses of flows, as far as their form says something. */
export async function checkNews(facts: Facts): Promise<readonly Finding[]> {
  const read = readNewsSecret(JSON.stringify(await readValues(facts)), facts)
  if (!read.ok) throw new Unavailable('needs TEAMS_NOTIFY_URL to be right in the secret')
  const urls = Object.values(read.value.teamsNews ?? {}).map(({ url }) => url)
  if (urls.length === 0) return [ok('workflows', 'not set: Teams hears no news of tickets (TEAMS_NOTIFY_URL)')]
  return [asFinding(checkWorkflows(urls), facts.hint)]
}

function asFinding({ name, kind, text, keys }: VendorFinding, hint: Facts['hint']): Finding {
  if (kind === 'right') return ok(name, text)
  if (kind === 'no-answer') return wrong(name, text, 'Try again later; is the network open to it (https)?')
  return wrong(name, text, `Correct it: ${hint(`init ${keys.map((key) => `--change ${key}`).join(' ')}`.trim())}`)
}
