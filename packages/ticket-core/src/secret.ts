import type { Result } from './result.ts'
import { fail, succeed } from './result.ts'
import { prepareKeyRing } from './signature.ts'

/** The application's secret (Secrets Manager, JSON), read and checked. The key names are the older system's. */
export interface AppSecret {
  /** First part of every resource's name. */
  readonly prefix: string
  readonly trello: {
    readonly key: string
    readonly token: string
    readonly boardId: string
    readonly listName: string
  }
  readonly slackUrl: string
  /** Base64 tokens of the Teams outgoing webhooks, one or several. */
  readonly teamsTokens: readonly string[]
  readonly adminSlackUrl?: string
  readonly teamsNotifyUrl?: string
}

/** What is wrong with one key. Never holds the value. */
export interface SecretProblem {
  readonly key: string
  readonly problem: 'missing' | 'malformed'
  readonly expected: string
}

const PREFIX = /^[a-z0-9][a-z0-9-]{1,40}$/
const WEB_URL = /^https?:\/\/[^\s/]+(\/\S*)?$/

/** Reads the secret's JSON; names every missing or malformed key at once. Unknown keys are left alone. */
export function readAppSecret(json: string): Result<AppSecret, readonly SecretProblem[]> {
  const values = parseObject(json)
  if (!values) return fail([{ key: '(whole secret)', problem: 'malformed', expected: 'a JSON object of strings' }])
  const problems: SecretProblem[] = []
  const optional = (key: string, expected: string, isRight: (value: string) => boolean): string | undefined => {
    const value = values[key]
    if (value === undefined || value === null || value === '') return undefined
    if (typeof value === 'string' && isRight(value.trim())) return value.trim()
    problems.push({ key, problem: 'malformed', expected })
    return undefined
  }
  const required = (key: string, expected: string, isRight: (value: string) => boolean): string => {
    const before = problems.length
    const value = optional(key, expected, isRight)
    if (value === undefined && problems.length === before) problems.push({ key, problem: 'missing', expected })
    return value ?? ''
  }

  const secret = {
    prefix: required('PREFIX', '2 to 41 of a-z, 0-9 and -, not starting with -', (value) => PREFIX.test(value)),
    trello: {
      key: required('TRELLO_API_KEY', 'the API key of a Trello Power-Up', filled),
      token: required('TRELLO_API_TOKEN', 'a Trello token with scope read,write', filled),
      boardId: required('TRELLO_BOARD_ID', 'the id of a Trello board', filled),
      listName: required('TRELLO_LIST_NAME', 'the name of an open list on that board', filled),
    },
    slackUrl: required('SLACK_URL', 'the URL of a Slack incoming webhook', isUrl),
    teamsTokens: splitTokens(
      required(
        'TEAMS_HMAC_SECRET',
        'the token Teams showed when the outgoing webhook was made, several separated by commas',
        hasToken,
      ),
    ),
  }
  problems.push(...findMalformedToken(secret.teamsTokens))
  const adminSlackUrl = optional('ADMIN_SLACK_URL', 'the URL of a Slack incoming webhook', isUrl)
  const teamsNotifyUrl = optional('TEAMS_NOTIFY_URL', 'the URL of a Teams Workflows webhook', isUrl)
  if (problems.length > 0) return fail(problems)
  return succeed({ ...secret, ...(adminSlackUrl && { adminSlackUrl }), ...(teamsNotifyUrl && { teamsNotifyUrl }) })
}

function filled(value: string): boolean {
  return value.length > 0
}

function isUrl(value: string): boolean {
  return WEB_URL.test(value)
}

/** The first token that cannot be one: without the whole ring nobody's signature could be checked. */
function findMalformedToken(tokens: readonly string[]): readonly SecretProblem[] {
  const ring = prepareKeyRing(tokens)
  if (ring.ok || ring.failure.code !== 'malformed-token') return []
  const { index, expected } = ring.failure
  return [
    {
      key: 'TEAMS_HMAC_SECRET',
      problem: 'malformed',
      expected: `${expected}; token ${index + 1} of ${tokens.length} is not`,
    },
  ]
}

function hasToken(value: string): boolean {
  return splitTokens(value).length > 0
}

function splitTokens(value: string): string[] {
  return value
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '')
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
