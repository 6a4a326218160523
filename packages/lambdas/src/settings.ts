import {
  createSettingReader,
  durationRule,
  fail,
  levelRule,
  newsDelayRule,
  secretIdRule,
  serviceAddressRule,
  succeed,
  type LogLevel,
  type Result,
  type SettingProblem,
  type DeliveryLane,
} from 'ticket-core'

/** A function's settings, from its environment. The stack writes them; none is a secret. */
export interface FunctionSettings {
  /** The queue that feeds this function: its messages are postponed there. */
  readonly queueUrl: string
  /** Where a delivery function sends a ticket that it gives up. The function for dead letters has none. */
  readonly deadLetterQueueUrl?: string
  /** Of the function for events: the queues of the lanes that deliver what an event causes. */
  readonly effectQueueUrls?: Readonly<Record<DeliveryLane, string>>
  readonly bucket: string
  readonly secretId: string
  readonly giveUpAfterMs: number
  /** How long a team's news waits for further changes. */
  readonly newsDelayMs: number
  readonly logLevel: LogLevel
  /** Whether another cloud stands for AWS: the embedded one, or an emulator. */
  readonly isEmulated: boolean
  /** A simulator or proxy in place of Trello. */
  readonly trelloUrl?: string
  /** Whether Slack is connected: messages have buttons. The stack knows; the secret that tells is not for functions. */
  readonly slackButtons: boolean
}

const DAY = 86_400_000

/** Reads the function's environment. The failure names every setting that is missing or wrong. */
export function readFunctionSettings(
  env: Readonly<Record<string, string | undefined>>,
): Result<FunctionSettings, readonly SettingProblem[]> {
  const { read, require, problems } = createSettingReader(env)
  const trelloUrl = read('TICKETING_TRELLO_URL', { ...serviceAddressRule, fallback: undefined })
  const deadLetterQueueUrl = env['TICKETING_DLQ_URL']?.trim()
  const low = env['TICKETING_LOW_QUEUE_URL']?.trim()
  const medium = env['TICKETING_MEDIUM_QUEUE_URL']?.trim()
  const high = env['TICKETING_HIGH_QUEUE_URL']?.trim()
  const news = env['TICKETING_NEWS_QUEUE_URL']?.trim()
  const settings = {
    queueUrl: require('TICKETING_QUEUE_URL', 'the URL of the queue that feeds this function'),
    bucket: require('TICKETING_BUCKET', 'the name of the bucket'),
    secretId: read('TICKETING_SECRET_ID', secretIdRule),
    giveUpAfterMs: read('TICKETING_GIVE_UP_AFTER', { ...durationRule, fallback: DAY }),
    newsDelayMs: read('TICKETING_NEWS_DELAY', { ...newsDelayRule, fallback: 60_000 }),
    logLevel: read<LogLevel>('TICKETING_LOG_LEVEL', { ...levelRule, fallback: 'info' }),
    slackButtons: read('TICKETING_SLACK_BUTTONS', {
      fallback: false,
      expected: '1 (Slack is connected) or 0',
      parse: (text) => ({ 0: false, 1: true })[text],
    }),
    isEmulated: env['AWS_ENDPOINT_URL'] !== undefined,
    ...(trelloUrl !== undefined && { trelloUrl }),
    ...(deadLetterQueueUrl && { deadLetterQueueUrl }),
    ...(low && medium && high && news && { effectQueueUrls: { low, medium, high, news } }),
  }
  return problems.length > 0 ? fail(problems) : succeed(settings)
}
