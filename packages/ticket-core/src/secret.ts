import { type Result, fail, succeed } from './result.ts'
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
  /** True when the secret that the functions read holds the tokens too: then an attacker in a function knows them. */
  readonly sharedTokens?: true
  readonly adminSlackUrl?: string
  readonly teamsNotifyUrl?: string
}

/** What is wrong with one key. Never holds the value. */
export interface SecretProblem {
  readonly key: string
  readonly problem: 'missing' | 'malformed'
  readonly expected: string
  /** True for a key of intake's own secret, see {@link intakeSecretId}. */
  readonly inIntake?: true
}

const PREFIX = /^[a-z0-9][a-z0-9-]{1,40}$/
const TOKENS_KEY = 'TEAMS_HMAC_SECRET'
const TOKENS_EXPECTED = 'the token Teams showed when the outgoing webhook was made, several separated by commas'
const WEB_URL = /^https?:\/\/[^\s/]+(\/\S*)?$/i
/** The short id, eight letters and digits: Trello accepts it in place of the full one. */
const BOARD_ADDRESS = /^(?:https?:\/\/)?(?:www\.)?trello\.com\/b\/([a-z0-9]{8})(?:[/?#]\S*)?$/i

/** How a secret is read. */
export interface SecretOptions {
  /**
   * The JSON of intake's own secret: then the tokens come only from there. Absent if there is none: the tokens are in the
   * one secret for all.
   */
  readonly intake?: string | undefined
  /** Whether addresses may be `http`, as those of simulators: where an emulator replaces AWS. @default false */
  readonly allowHttp?: boolean
}

/** Reads a part of the secret's JSON and ignores the rest, so that a function holds only what it needs. */
export type SecretReader<Value> = (json: string, options?: SecretOptions) => Result<Value, readonly SecretProblem[]>

/** Name of the secret that only intake reads, derived from the application's (its name or ARN). */
export function intakeSecretId(secretId: string): string {
  return `${secretNameOf(secretId)}-intake`
}

/** A secret's name, also from its ARN, which ends in six characters that Secrets Manager adds. */
export function secretNameOf(secretId: string): string {
  return /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)-[^-]{6}$/.exec(secretId)?.[1] ?? secretId
}

/** Reads the whole secret; names every missing or malformed key. Unknown keys are ignored. */
export function readAppSecret(json: string, options: SecretOptions = {}): ReturnType<SecretReader<AppSecret>> {
  return readKeys(json, options, (keys) => {
    const secret = {
      prefix: keys.required('PREFIX', '2 to 41 of a-z, 0-9 and -, not starting with -', (value) => PREFIX.test(value)),
      ...trelloOf(keys),
      ...slackOf(keys),
    }
    const tokens = readTokens(keys, options)
    return { ...secret, ...tokens, ...noticesOf(keys) }
  })
}

/** Reads intake's own secret. */
export const readIntakeSecret: SecretReader<Pick<AppSecret, 'teamsTokens'>> = (json, options = {}) =>
  readKeys(json, options, tokensOf)

/** Reads the keys for Trello. */
export const readTrelloSecret: SecretReader<Pick<AppSecret, 'trello'>> = (json, options = {}) =>
  readKeys(json, options, trelloOf)

/** Reads the address of alerts. */
export const readSlackSecret: SecretReader<Pick<AppSecret, 'slackUrl'>> = (json, options = {}) =>
  readKeys(json, options, slackOf)

/** Reads the addresses of the admin's notices. */
export const readNoticeSecret: SecretReader<Pick<AppSecret, 'slackUrl' | 'adminSlackUrl' | 'teamsNotifyUrl'>> = (
  json,
  options = {},
) => readKeys(json, options, (keys) => ({ ...slackOf(keys), ...noticesOf(keys) }))

interface Keys {
  readonly problems: SecretProblem[]
  readonly allowHttp: boolean
  readonly optional: (key: string, expected: string, isRight: (value: string) => boolean) => string | undefined
  readonly required: (key: string, expected: string, isRight: (value: string) => boolean) => string
}

function readKeys<Value>(
  json: string,
  options: SecretOptions,
  read: (keys: Keys) => Value,
): Result<Value, readonly SecretProblem[]> {
  const values = parseObject(json)
  if (!values) return fail([{ key: '(whole secret)', problem: 'malformed', expected: 'a JSON object of strings' }])
  const keys = openKeys(values, options)
  const value = read(keys)
  return keys.problems.length > 0 ? fail(keys.problems) : succeed(value)
}

function openKeys(values: Readonly<Record<string, unknown>>, { allowHttp = false }: SecretOptions): Keys {
  const problems: SecretProblem[] = []
  const optional: Keys['optional'] = (key, expected, isRight) => {
    const value = values[key]
    if (value === undefined || value === null || value === '') return undefined
    if (typeof value === 'string' && isRight(value.trim())) return value.trim()
    problems.push({ key, problem: 'malformed', expected })
    return undefined
  }
  const required: Keys['required'] = (key, expected, isRight) => {
    const before = problems.length
    const value = optional(key, expected, isRight)
    if (value === undefined && problems.length === before) problems.push({ key, problem: 'missing', expected })
    return value ?? ''
  }
  return { problems, allowHttp, optional, required }
}

function trelloOf({ required }: Keys): Pick<AppSecret, 'trello'> {
  const board = 'the id of a Trello board, or its address (https://trello.com/b/…)'
  return {
    trello: {
      key: required('TRELLO_API_KEY', 'the API key of a Trello Power-Up', filled),
      token: required('TRELLO_API_TOKEN', 'a Trello token with scope read,write', filled),
      boardId: boardIdOf(required('TRELLO_BOARD_ID', board, (value) => /^\w+$/.test(boardIdOf(value)))),
      listName: required('TRELLO_LIST_NAME', 'the name of an open list on that board', filled),
    },
  }
}

function boardIdOf(value: string): string {
  return BOARD_ADDRESS.exec(value)?.[1] ?? value
}

function slackOf(keys: Keys): Pick<AppSecret, 'slackUrl'> {
  return { slackUrl: keys.required('SLACK_URL', slackUrl(keys), isUrl(keys)) }
}

function noticesOf(keys: Keys): Pick<AppSecret, 'adminSlackUrl' | 'teamsNotifyUrl'> {
  const adminSlackUrl = keys.optional('ADMIN_SLACK_URL', slackUrl(keys), isUrl(keys))
  const workflows = `the ${secure(keys)} of a Teams Workflows webhook`
  const teamsNotifyUrl = keys.optional('TEAMS_NOTIFY_URL', workflows, isUrl(keys))
  return { ...(adminSlackUrl && { adminSlackUrl }), ...(teamsNotifyUrl && { teamsNotifyUrl }) }
}

function slackUrl(keys: Keys): string {
  return `the ${secure(keys)} of a Slack incoming webhook`
}

/** A webhook's address is its credential, and a ticket is people's text: neither may be sent unencrypted. */
function secure({ allowHttp }: Keys): string {
  return allowHttp ? 'URL' : 'URL (https, not http)'
}

function isUrl({ allowHttp }: Keys): (value: string) => boolean {
  return (value) => WEB_URL.test(value) && (allowHttp || /^https:/i.test(value))
}

function filled(value: string): boolean {
  return value.length > 0
}

/** From intake's own secret where there is one. */
function readTokens(app: Keys, { intake }: SecretOptions): Pick<AppSecret, 'teamsTokens' | 'sharedTokens'> {
  if (intake === undefined) return { ...tokensOf(app), sharedTokens: true }
  const own = readIntakeSecret(intake)
  if (!own.ok) {
    for (const problem of own.failure) app.problems.push({ ...problem, inIntake: true })
    return { teamsTokens: [] }
  }
  const { teamsTokens } = own.value
  const left = splitTokens(app.optional(TOKENS_KEY, TOKENS_EXPECTED, filled) ?? '')
  return { teamsTokens, ...(left.some((token) => teamsTokens.includes(token)) && { sharedTokens: true }) }
}

function tokensOf({ required, problems }: Keys): Pick<AppSecret, 'teamsTokens'> {
  const teamsTokens = splitTokens(required(TOKENS_KEY, TOKENS_EXPECTED, hasToken))
  problems.push(...findMalformedToken(teamsTokens))
  return { teamsTokens }
}

/** The first malformed token. One is enough to refuse the secret: no key ring can be made of it. */
function findMalformedToken(tokens: readonly string[]): readonly SecretProblem[] {
  const ring = prepareKeyRing(tokens)
  if (ring.ok || ring.failure.code !== 'malformed-token') return []
  const { index, expected } = ring.failure
  return [
    {
      key: TOKENS_KEY,
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
    // Windows editors begin a file with a byte order mark.
    const value: unknown = JSON.parse(json.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
