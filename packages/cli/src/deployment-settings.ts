import {
  createSettingReader,
  durationRule,
  levelRule,
  newsDelayRule,
  serviceAddressRule,
  type SettingProblem,
  type SettingRule,
} from 'ticket-core'

/** More settings of the server in a deployment. */
export interface DeploymentSettings {
  /** Apply the stack before serving. */
  readonly manage: boolean
  readonly tunnel?: TunnelSettings
}

/** Ngrok's. The only credential that is a setting: it opens a tunnel to this server and nothing else. */
export interface TunnelSettings {
  readonly domain: string
  readonly authtoken: string
}

const DOMAIN = 'a domain of your ngrok account, such as name.ngrok-free.dev'
const TOKEN = 'the authtoken of your ngrok account'

/** Reads the deployment's settings from the environment; names all problems together. */
export function readDeploymentSettings(env: Environment): {
  readonly settings: DeploymentSettings
  readonly problems: readonly SettingProblem[]
} {
  const { read, problems } = createSettingReader(env)
  const manage = read('TICKETING_MANAGE', {
    fallback: false,
    expected: '1 (apply the stack on start) or 0',
    parse: (text) => ({ 0: false, 1: true })[text],
  })
  const domain = read('NGROK_DOMAIN', {
    fallback: undefined,
    expected: DOMAIN,
    parse: (text) => (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text) ? text : undefined),
  })
  // The second name is of the older system.
  const authtoken = (env['NGROK_AUTHTOKEN'] || env['NGROK_TOKEN'] || '').trim()
  const halves: SettingProblem[] = []
  if (domain !== undefined && authtoken === '')
    halves.push({ name: 'NGROK_AUTHTOKEN', came: '', expected: `${TOKEN}, since NGROK_DOMAIN is set` })
  if (!env['NGROK_DOMAIN']?.trim() && authtoken !== '')
    halves.push({ name: 'NGROK_DOMAIN', came: '', expected: `${DOMAIN}, since NGROK_AUTHTOKEN is set` })
  return {
    settings: { manage, ...(domain !== undefined && authtoken !== '' && { tunnel: { domain, authtoken } }) },
    problems: [...problems, ...halves, ...readFunctionSettings(env).problems],
  }
}

/** What `dev` gives the functions, where the environment says nothing else: its news do not wait for a minute. */
export const DEV_SETTINGS = { TICKETING_NEWS_DELAY: '1s' } as const

type Environment = Readonly<Record<string, string | undefined>>

/** Settings that the stack hands on to the functions; only those that are set. */
export function readFunctionSettings(env: Environment): {
  readonly settings: Readonly<Record<string, string>>
  readonly problems: readonly SettingProblem[]
} {
  const { read, problems } = createSettingReader(env)
  const settings = {
    TICKETING_GIVE_UP_AFTER: read('TICKETING_GIVE_UP_AFTER', { ...asTyped(durationRule), fallback: undefined }),
    TICKETING_NEWS_DELAY: read('TICKETING_NEWS_DELAY', { ...asTyped(newsDelayRule), fallback: undefined }),
    TICKETING_TRELLO_URL: read('TICKETING_TRELLO_URL', { ...serviceAddressRule, fallback: undefined }),
    TICKETING_LOG_LEVEL: read('TICKETING_LOG_LEVEL', { ...levelRule, fallback: undefined }),
  }
  const given = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { settings: Object.fromEntries(given), problems }
}

/** The text itself where it is right: the function reads it by the same rule. */
function asTyped({ expected, parse }: SettingRule<unknown>): SettingRule<string> {
  return { expected, parse: (text) => (parse(text) === undefined ? undefined : text) }
}
