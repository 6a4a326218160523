import { checkSlackWebhook } from 'ticket-adapters/slack'
import { checkWorkflowsUrl } from 'ticket-adapters/teams'
import { createTrelloCheck, type TrelloCheck, type TrelloFinding } from 'ticket-adapters/trello'
import {
  type AppSecret,
  type Clock,
  createSettingReader,
  describeSettingProblem,
  serviceAddressRule,
} from 'ticket-core'
import { CliError } from './cli-error.ts'
import type { CommandContext } from './command.ts'
import type { Target } from './target.ts'

/** What a vendor says of a value. No text holds the value. */
export interface VendorFinding {
  readonly name:
    | 'trello-token'
    | 'trello-board'
    | 'trello-list'
    | 'trello-done-list'
    | 'slack'
    | 'slack-admin'
    | 'workflows'
  readonly kind: 'right' | 'wrong' | 'no-answer'
  readonly text: string
  /** The keys of the secret that may be wrong. */
  readonly keys: readonly string[]
}

/** Trello's address for this command: the running testbed's, or the one that is set; absent: Trello's own. */
export function trelloAddress(target: Target, { env }: CommandContext): { readonly baseUrl?: string } {
  const { read, problems } = createSettingReader(env)
  const named = read('TICKETING_TRELLO_URL', { ...serviceAddressRule, fallback: undefined })
  if (problems.length > 0) throw new CliError(problems.map(describeSettingProblem).join('\n'), 2)
  const baseUrl = target.running?.trello ?? named
  return baseUrl === undefined ? {} : { baseUrl }
}

/** Asks Trello about what the secret says of it; what depends on a wrong value is left out. */
export function openTrelloCheck(
  secret: AppSecret['trello'],
  { clock, baseUrl }: { readonly clock: Clock; readonly baseUrl?: string },
): TrelloCheck {
  return createTrelloCheck({ fetch, clock, secret, baseUrl })
}

export async function checkTrello(secret: AppSecret['trello'], check: TrelloCheck): Promise<readonly VendorFinding[]> {
  const token = await check.token()
  const findings = [
    describe('trello-token', token, ({ expires }) =>
      expires === undefined ? 'the token may read and write' : `the token may read and write until ${expires}`,
    ),
  ]
  if (token.kind !== 'right') return findings
  const board = await check.board()
  findings.push(describe('trello-board', board, ({ name }) => `board ${JSON.stringify(name)}`))
  if (board.kind !== 'right') return findings
  const { listName, doneListName } = secret
  findings.push(
    describe(
      'trello-list',
      await check.list({ key: 'TRELLO_LIST_NAME', name: listName }),
      () => `list ${JSON.stringify(listName)}`,
    ),
  )
  if (doneListName !== undefined)
    findings.push(
      describe(
        'trello-done-list',
        await check.list({ key: 'TRELLO_DONE_LIST_NAME', name: doneListName }),
        () => `list ${JSON.stringify(doneListName)}`,
      ),
    )
  return findings
}

/** Asks Slack about the webhook of one key; nothing is posted. */
export async function checkSlack(
  url: string,
  key: 'SLACK_URL' | 'ADMIN_SLACK_URL',
  clock: Clock,
): Promise<VendorFinding> {
  const name = key === 'SLACK_URL' ? 'slack' : 'slack-admin'
  const found = await checkSlackWebhook({ fetch, clock }, url)
  return found.kind === 'right'
    ? { name, kind: 'right', text: 'Slack knows the webhook', keys: [key] }
    : { name, kind: found.kind, text: found.reason, keys: [key] }
}

/** Only the form can be checked: to call it would start the flow. Simulators, which are not https, have any address. */
export function checkWorkflows(urls: readonly string[]): VendorFinding {
  const found = { name: 'workflows', keys: ['TEAMS_NOTIFY_URL'] } as const
  const real = urls.filter((url) => /^https:/i.test(url))
  const wrong = real.map(checkWorkflowsUrl).find((problem) => problem !== undefined)
  if (wrong !== undefined) return { ...found, kind: 'wrong', text: wrong }
  return { ...found, kind: 'right', text: 'the address has the form of a flow; only a card shows that it works' }
}

function describe<Value>(
  name: VendorFinding['name'],
  found: TrelloFinding<Value>,
  say: (value: Value) => string,
): VendorFinding {
  if (found.kind === 'right') return { name, kind: 'right', text: say(found.value), keys: [] }
  return { name, kind: found.kind, text: found.reason, keys: found.kind === 'wrong' ? found.keys : [] }
}
