import {
  createSettingReader,
  escalateAfterRule,
  fail,
  levelRule,
  publicAddressRule,
  secretIdRule,
  serviceAddressRule,
  succeed,
  type LogLevel,
  type Result,
  type SettingProblem,
} from 'ticket-core'
import { isNetwork } from './read-source.ts'

/** What the server reads from its environment. Never a secret. */
export interface Settings {
  readonly secretId: string
  /** The stack that it belongs to, where it is a function of one. Absent: the secret names it. */
  readonly stack?: { readonly prefix: string; readonly bucket: string }
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Milliseconds by which a message's time stamp may be off. */
  readonly maxAgeMs: number
  readonly logLevel: LogLevel
  /** Absent: the SDK's own chain (profile) decides. */
  readonly region?: string
  /** Addresses and networks of proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies?: readonly string[]
  /** Another address than AWS's. */
  readonly endpoint?: string
  /** Where Trello reaches this server: a part of what it signs. */
  readonly publicUrl?: string
  /** A simulator or proxy in place of Trello. */
  readonly trelloUrl?: string
  /** A simulator in place of Slack, where the addresses for pressed messages begin. */
  readonly slackUrl?: string
  /** Milliseconds until a high ticket that is not acknowledged is escalated, and between the steps; 0: never. */
  readonly escalateAfterMs: number
}

const EMULATOR_REGION = 'us-east-1'

/** Reads the server's environment and reports every wrong setting. An empty value counts as none. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
): Result<Settings, readonly SettingProblem[]> {
  const { read, problems } = createSettingReader(env)
  const endpoint = read('AWS_ENDPOINT_URL', {
    fallback: undefined,
    expected: 'an address such as http://127.0.0.1:4566',
    parse: (text) => (/^https?:\/\/[^\s/]+\/?$/.test(text) ? text : undefined),
  })
  const region = read('AWS_REGION', {
    fallback: endpoint === undefined ? undefined : EMULATOR_REGION,
    expected: 'a region such as eu-west-1',
    parse: (text) => (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text) ? text : undefined),
  })
  const proxies = read<readonly string[] | undefined>('TICKETING_TRUSTED_PROXIES', {
    fallback: undefined,
    expected: 'addresses or networks such as 10.0.0.0/8, comma-separated',
    parse: (text) => {
      const networks = text.split(',').map((network) => network.trim())
      return networks.every(isNetwork) ? networks : undefined
    },
  })
  const publicUrl = read<string | undefined>('TICKETING_PUBLIC_URL', {
    ...publicAddressRule({ allowHttp: endpoint !== undefined }),
    fallback: undefined,
  })
  const trelloUrl = read('TICKETING_TRELLO_URL', { ...serviceAddressRule, fallback: undefined })
  const slackUrl = read('TICKETING_SLACK_URL', { ...serviceAddressRule, fallback: undefined })
  const prefix = env['TICKETING_PREFIX']?.trim()
  const bucket = env['TICKETING_BUCKET']?.trim()
  const settings = {
    secretId: read('TICKETING_SECRET_ID', secretIdRule),
    host: read('TICKETING_HOST', {
      fallback: '127.0.0.1',
      expected: 'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
      parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
    }),
    port: read('TICKETING_PORT', {
      fallback: 3978,
      expected: 'a port from 0 to 65535',
      parse: (text) => readWhole(text, 0, 65_535),
    }),
    maxAgeMs: read('TICKETING_MAX_AGE', {
      fallback: 300_000,
      expected: 'whole seconds from 1 to 86400',
      parse: (text) => {
        const seconds = readWhole(text, 1, 86_400)
        return seconds === undefined ? undefined : seconds * 1000
      },
    }),
    logLevel: read<LogLevel>('TICKETING_LOG_LEVEL', { ...levelRule, fallback: 'info' }),
    escalateAfterMs: read('TICKETING_ESCALATE_AFTER', { ...escalateAfterRule, fallback: 900_000 }),
    ...(prefix && bucket && { stack: { prefix, bucket } }),
    ...(trelloUrl !== undefined && { trelloUrl }),
    ...(slackUrl !== undefined && { slackUrl }),
    ...(proxies !== undefined && { trustedProxies: proxies }),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(publicUrl !== undefined && { publicUrl }),
  }
  return problems.length > 0 ? fail(problems) : succeed(settings)
}

function readWhole(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}
