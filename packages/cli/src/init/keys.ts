import { intakeSecretId, readAppSecret, type SecretProblem } from 'ticket-core'

/** The values of both secrets by key, in one flat object, as `--from` takes them. */
export type Values = Readonly<Record<string, string>>

/** What is asked together, in an order that works: the address of step one is what Teams asks for in the last. */
export type Group = 'aws' | 'trello' | 'slack' | 'teams' | 'news' | 'callbacks'

/** A key of the secrets, and how it is asked for. What is right is said by the secret's reader in ticket-core. */
export interface InitKey {
  readonly name: string
  readonly group: Group
  /** `intake`: the functions cannot read it. */
  readonly secret: 'app' | 'intake'
  readonly question: string
  /** Whether it is typed without being shown. */
  readonly isHidden: boolean
  readonly isOptional: boolean
  /** Asked for by --change alone. */
  readonly isRare: boolean
}

const key = (name: string, group: Group, question: string): InitKey => ({
  name,
  group,
  question,
  secret: group === 'callbacks' || group === 'teams' ? 'intake' : 'app',
  isHidden: !['PREFIX', 'BUCKET', 'TRELLO_BOARD_ID', 'TRELLO_LIST_NAME', 'TRELLO_DONE_LIST_NAME'].includes(name),
  isOptional:
    group === 'news' || group === 'callbacks' || ['BUCKET', 'TRELLO_DONE_LIST_NAME', 'ADMIN_SLACK_URL'].includes(name),
  isRare: name === 'BUCKET',
})

/** All keys, in the order in which they are asked for. */
export const KEYS: readonly InitKey[] = [
  key('PREFIX', 'aws', 'First part of every name in AWS'),
  key('BUCKET', 'aws', 'Bucket, where it is not PREFIX-bucket'),
  key('TRELLO_API_KEY', 'trello', 'API key'),
  key('TRELLO_API_TOKEN', 'trello', 'Token'),
  key('TRELLO_BOARD_ID', 'trello', 'Address of the board, or its id'),
  key('TRELLO_LIST_NAME', 'trello', 'List for new cards'),
  key('TRELLO_DONE_LIST_NAME', 'trello', 'List of cards that are done'),
  key('SLACK_URL', 'slack', 'Webhook URL'),
  key('ADMIN_SLACK_URL', 'slack', "Webhook URL of the admins' channel, for dead letters"),
  key('TEAMS_HMAC_SECRET', 'teams', 'Security token'),
  key('TEAMS_NOTIFY_URL', 'news', 'HTTP URL of the flow'),
  key('TRELLO_API_SECRET', 'callbacks', 'Secret of the API key'),
  key('SLACK_SIGNING_SECRET', 'callbacks', 'Signing secret'),
]

/** The older system has these in its one secret, too. */
export function findKey(name: string): InitKey | undefined {
  return KEYS.find((one) => one.name === name)
}

/** The name of the secret that a key belongs to. */
export function secretOf({ secret }: InitKey, secretId: string): string {
  return secret === 'app' ? secretId : intakeSecretId(secretId)
}

/** The known keys of both secrets. Any other stays where it is: one of intake's must not get to where functions read it. */
export function splitValues(values: Values): Record<InitKey['secret'], Values> {
  const of = (secret: InitKey['secret']): Values =>
    Object.fromEntries(Object.entries(values).filter(([name]) => findKey(name)?.secret === secret))
  return { app: of('app'), intake: of('intake') }
}

/** What may be left out, was known before, and was answered with none. */
export function findRemoved(before: Values, after: Values): readonly string[] {
  const names = KEYS.flatMap(({ name, isOptional }) => (isOptional ? [name] : []))
  return names.filter((name) => before[name] !== undefined && after[name] === undefined)
}

/** What is missing or has the wrong form, by the rules of those who read the secret. */
export function findProblems(values: Values, allowHttp: boolean): readonly SecretProblem[] {
  const { app, intake } = splitValues(values)
  const read = readAppSecret(JSON.stringify(app), { intake: JSON.stringify(intake), allowHttp })
  return read.ok ? [] : read.failure
}

/** A team of this name cannot exist: its token fits no request. It holds the place until Teams has shown one. */
const NO_TEAM = 'not-yet'

/** Makes a token for a deployment whose address is known only after `up`: nothing can be signed with it. */
export function placeholderToken(bytes: Uint8Array): string {
  return `${NO_TEAM}=${Buffer.from(bytes).toString('base64')}`
}

export function isPlaceholder(token: string | undefined): boolean {
  return token?.startsWith(`${NO_TEAM}=`) ?? false
}
