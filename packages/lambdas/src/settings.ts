import type { LogLevel, Result } from 'ticket-core'
import { fail, succeed } from 'ticket-core'

/** What a function is told by its environment; the stack writes it. Never a secret. */
export interface FunctionSettings {
  /** The queue that feeds this function: its messages are postponed there. */
  readonly queueUrl: string
  /** Where a delivery function sends what it gives up; the reporter of dead letters has none. */
  readonly deadLetterQueueUrl?: string
  readonly bucket: string
  readonly secretId: string
  readonly giveUpAfterMs: number
  readonly logLevel: LogLevel
  /** Trello's own unless a simulator or proxy stands in for it. */
  readonly trelloUrl?: string
}

export interface SettingProblem {
  readonly name: string
  readonly expected: string
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads the function's environment; names everything missing or wrong at once. */
export function readFunctionSettings(
  env: Readonly<Record<string, string | undefined>>,
): Result<FunctionSettings, readonly SettingProblem[]> {
  const problems: SettingProblem[] = []
  const required = (name: string, expected: string): string => {
    const value = env[name]?.trim() ?? ''
    if (value === '') problems.push({ name, expected })
    return value
  }
  const queueUrl = required('TICKETING_QUEUE_URL', 'the URL of the queue that feeds this function')
  const bucket = required('TICKETING_BUCKET', 'the name of the bucket')
  const giveUpAfterMs = readDuration(env['TICKETING_GIVE_UP_AFTER'] ?? '24h')
  if (giveUpAfterMs === undefined)
    problems.push({ name: 'TICKETING_GIVE_UP_AFTER', expected: 'a duration such as 90m, 24h or 2d' })
  const logLevel = LEVELS.find((level) => level === (env['TICKETING_LOG_LEVEL'] ?? 'info'))
  if (!logLevel) problems.push({ name: 'TICKETING_LOG_LEVEL', expected: `one of ${LEVELS.join(', ')}` })
  if (problems.length > 0 || giveUpAfterMs === undefined || !logLevel) return fail(problems)
  const trelloUrl = env['TICKETING_TRELLO_URL']
  const deadLetterQueueUrl = env['TICKETING_DLQ_URL']
  const secretId = env['TICKETING_SECRET_ID'] || 'ticketing-app'
  return succeed({
    queueUrl,
    bucket,
    secretId,
    giveUpAfterMs,
    logLevel,
    ...(trelloUrl && { trelloUrl }),
    ...(deadLetterQueueUrl && { deadLetterQueueUrl }),
  })
}

/** `90s`, `15m`, `24h`, `2d` in milliseconds; undefined for anything else, and for nothing at all (`0h`). */
export function readDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? []
  const factor = UNITS[unit ?? '']
  const value = Number(digits) * (factor ?? Number.NaN)
  return value > 0 ? value : undefined
}
