import { invalid, notOffered } from './rule-record.ts'

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/**
 * Milliseconds between two events of `rate(1 minute)`, `rate(5 hours)`, …: the unit is singular for 1, and only for 1.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html
 */
export function readRate(expression: string): number {
  if (expression.startsWith('cron(')) throw notOffered('A cron expression')
  const [, digits = '', unit = '', plural = ''] =
    /^rate\(([1-9]\d{0,8}) (minute|hour|day)(s?)\)$/u.exec(expression) ?? []
  const count = Number(digits)
  const every = UNITS[unit]
  if (every === undefined || (count === 1) !== (plural === ''))
    throw invalid('Parameter ScheduleExpression is not valid.')
  return count * every
}

/** When it is due next after `now`; its periods began at `since`. */
export function nextDue({ every, since, now }: { every: number; since: number; now: number }): number {
  return since + (Math.floor(Math.max(0, now - since) / every) + 1) * every
}
