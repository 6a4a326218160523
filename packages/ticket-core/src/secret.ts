import {
  type Keys,
  type SecretOptions,
  type SecretProblem,
  type SecretReader,
  filled,
  readKeys,
} from './secret-keys.ts'
import { asShape, parseJson } from './json-shape.ts'
import { NEWS_LEVELS, type NewsTarget, type NewsTargets } from './news.ts'
import { prepareKeyRing } from './signature.ts'

/** The application's secret (Secrets Manager, JSON), read and checked. The key names are the older system's. */
export interface AppSecret {
  /** First part of every resource's name. */
  readonly prefix: string
  /** The bucket's name where it is not the prefix's own: a system that got another prefix keeps its bucket. */
  readonly bucket?: string
  readonly trello: {
    readonly key: string
    readonly token: string
    readonly boardId: string
    readonly listName: string
    /** The list of cards that are done. */
    readonly doneListName?: string
  }
  readonly slackUrl: string
  /** Base64 tokens of the Teams outgoing webhooks, one or several. */
  readonly teamsTokens: readonly string[]
  /** Trello signs its callbacks with it. Absent: there are no callbacks of Trello. */
  readonly trelloApiSecret?: string
  /** Slack signs its requests with it. Absent: there are no buttons in Slack. */
  readonly slackSigningSecret?: string
  /** True when the secret that the functions read holds any of these: then an attacker in a function knows them. */
  readonly sharedTokens?: true
  readonly adminSlackUrl?: string
  /** Where an admin is notified in Teams. */
  readonly teamsNotifyUrl?: string
  /** Where the news of tickets go, by team or channel. */
  readonly teamsNews?: NewsTargets
}

const PREFIX = /^[a-z0-9][a-z0-9-]{1,40}$/
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const TOKENS_KEY = 'TEAMS_HMAC_SECRET'
const TOKENS_EXPECTED = 'the token Teams showed when the outgoing webhook was made, several separated by commas'
const WEB_URL = /^https?:\/\/[^\s/]+(\/\S*)?$/i
/** The short id, eight letters and digits: Trello accepts it in place of the full one. */
const BOARD_ADDRESS = /^(?:https?:\/\/)?(?:www\.)?trello\.com\/b\/([a-z0-9]{8})(?:[/?#]\S*)?$/i

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
      ...bucketOf(keys),
      ...trelloOf(keys),
      ...slackOf(keys),
    }
    const intake = readIntake(keys, options)
    if (intake.trelloApiSecret !== undefined) refuseMistaken(keys, intake.trelloApiSecret, secret.trello)
    return { ...secret, ...intake, ...noticesOf(keys) }
  })
}

function bucketOf({ optional }: Keys): Pick<AppSecret, 'bucket'> {
  const bucket = optional('BUCKET', "the name of the system's bucket in S3", (value) => BUCKET.test(value))
  return bucket === undefined ? {} : { bucket }
}

/** What only intake needs: it verifies requests with it. */
type IntakeSecret = Pick<AppSecret, 'teamsTokens' | 'trelloApiSecret' | 'slackSigningSecret'>

/** Reads intake's own secret. */
export const readIntakeSecret: SecretReader<IntakeSecret> = (json, options = {}) =>
  readKeys(json, options, (keys) => ({ ...tokensOf(keys), ...callbacksOf(keys) }))

/** Reads the keys for Trello. */
export const readTrelloSecret: SecretReader<Pick<AppSecret, 'trello'>> = (json, options = {}) =>
  readKeys(json, options, trelloOf)

/** Reads the addresses of alerts, and of an admin for those that are not acknowledged. */
export const readSlackSecret: SecretReader<Pick<AppSecret, 'slackUrl' | 'adminSlackUrl'>> = (json, options = {}) => {
  // A wrong address of the admin stops no alert.
  const admin = readKeys(json, options, adminOf)
  return readKeys(json, options, (keys) => ({ ...slackOf(keys), ...(admin.ok && admin.value) }))
}

/** Reads where the news of tickets go. */
export const readNewsSecret: SecretReader<Pick<AppSecret, 'teamsNews'>> = (json, options = {}) =>
  readKeys(json, options, (keys) => {
    const { teamsNews } = noticesOf(keys)
    return teamsNews ? { teamsNews } : {}
  })

/** Reads the addresses of the admin's notices. */
export const readNoticeSecret: SecretReader<Pick<AppSecret, 'slackUrl' | 'adminSlackUrl' | 'teamsNotifyUrl'>> = (
  json,
  options = {},
) => readKeys(json, options, (keys) => ({ ...slackOf(keys), ...noticesOf(keys) }))

function trelloOf({ required, optional }: Keys): Pick<AppSecret, 'trello'> {
  const board = 'the id of a Trello board, or its address (https://trello.com/b/…)'
  const doneListName = optional('TRELLO_DONE_LIST_NAME', 'the name of a list on that board', filled)
  return {
    trello: {
      ...(doneListName && { doneListName }),
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

function adminOf(keys: Keys): Pick<AppSecret, 'adminSlackUrl'> {
  const adminSlackUrl = keys.optional('ADMIN_SLACK_URL', slackUrl(keys), isUrl(keys))
  return adminSlackUrl ? { adminSlackUrl } : {}
}

function noticesOf(keys: Keys): Pick<AppSecret, 'adminSlackUrl' | 'teamsNotifyUrl' | 'teamsNews'> {
  const admin = adminOf(keys)
  const workflows = `the ${secure(keys)} of a Teams Workflows webhook, or an object of team or channel ids with { url, level, groupId }`
  const notify = keys.optional('TEAMS_NOTIFY_URL', workflows, (value) => readTargets(keys, value) !== undefined)
  const teamsNews = notify === undefined ? undefined : readTargets(keys, notify)
  const teamsNotifyUrl = teamsNews?.['default']?.url
  return {
    ...admin,
    ...(teamsNotifyUrl && { teamsNotifyUrl }),
    ...(teamsNews && { teamsNews }),
  }
}

/** One address is for all; an object has one for each team or channel, and `default` for all others. */
function readTargets(keys: Keys, value: string): NewsTargets | undefined {
  if (isUrl(keys)(value)) return { default: { url: value, level: 'important' } }
  const shape = asShape(parseJson(value)?.value)
  if (!shape) return undefined
  const targets = Object.entries(shape).map(([id, target]) => [id, readTarget(keys, target)] as const)
  if (targets.some(([, target]) => target === undefined)) return undefined
  return Object.fromEntries(targets.flatMap(([id, target]) => (target ? [[id, target]] : [])))
}

function readTarget(keys: Keys, value: unknown): NewsTarget | undefined {
  const { url, level = 'important', groupId } = asShape(value) ?? {}
  const known = NEWS_LEVELS.find((one) => one === level)
  if (typeof url !== 'string' || !isUrl(keys)(url) || known === undefined) return undefined
  if (groupId === undefined) return { url, level: known }
  return typeof groupId === 'string' ? { url, level: known, groupId } : undefined
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

/** From intake's own secret where there is one. */
function readIntake(app: Keys, { intake }: SecretOptions): IntakeSecret & Pick<AppSecret, 'sharedTokens'> {
  if (intake === undefined) return { ...tokensOf(app), ...callbacksOf(app), sharedTokens: true }
  const own = readIntakeSecret(intake)
  if (!own.ok) {
    for (const problem of own.failure) app.problems.push({ ...problem, inIntake: true })
    return { teamsTokens: [] }
  }
  const { teamsTokens } = own.value
  const left = splitTokens(app.optional(TOKENS_KEY, TOKENS_EXPECTED, filled) ?? '')
  const callbacks = callbacksOf(app)
  const isShared = left.some((token) => teamsTokens.includes(token)) || Object.keys(callbacks).length > 0
  return { ...callbacks, ...own.value, ...(isShared && { sharedTokens: true }) }
}

const API_SECRET_KEY = 'TRELLO_API_SECRET'
const API_SECRET_EXPECTED =
  "the secret on the page of the Power-Up's API key (OAuth), neither the API key nor the token"

function callbacksOf({ optional }: Keys): Omit<IntakeSecret, 'teamsTokens'> {
  const trelloApiSecret = optional(API_SECRET_KEY, API_SECRET_EXPECTED, isHardToGuess)
  const ofSlack = 'the signing secret of the Slack app (Basic Information)'
  const slackSigningSecret = optional('SLACK_SIGNING_SECRET', ofSlack, isHardToGuess)
  return { ...(trelloApiSecret && { trelloApiSecret }), ...(slackSigningSecret && { slackSigningSecret }) }
}

/** With the wrong one of Trello's three values every callback would be refused, without a word. */
function refuseMistaken({ problems }: Keys, apiSecret: string, { key, token }: AppSecret['trello']): void {
  if (apiSecret === key || apiSecret === token)
    problems.push({ key: API_SECRET_KEY, problem: 'malformed', expected: API_SECRET_EXPECTED })
}

/** Vendors' secrets have 32 characters or more. */
function isHardToGuess(value: string): boolean {
  return /^\S{16,}$/.test(value) && new Set(value).size >= 8
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
