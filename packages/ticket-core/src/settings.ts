import type { LogLevel } from './ports/log.ts'

/** One wrong setting: what came and what would be right. No setting is a secret. */
export interface SettingProblem {
  readonly name: string
  /** Empty for a required setting that is missing. */
  readonly came: string
  readonly expected: string
}

/** How the text of one setting is read. */
export interface SettingRule<Value> {
  readonly expected: string
  /** Undefined for a text that is wrong. */
  readonly parse: (text: string) => Value | undefined
}

export interface SettingReader {
  /** Everything wrong so far, in the order in which it was read. */
  readonly problems: readonly SettingProblem[]
  /** `fallback` stands for a setting that is missing, empty or wrong. */
  readonly read: <Value>(name: string, rule: SettingRule<Value> & { readonly fallback: Value }) => Value
  /** The text of a setting that must be there, without the spaces around it. */
  readonly require: (name: string, expected: string) => string
}

/** Reads settings one by one and collects what is wrong with them. An empty value counts as none, as in Compose files. */
export function createSettingReader(env: Readonly<Record<string, string | undefined>>): SettingReader {
  const problems: SettingProblem[] = []
  const textOf = (name: string): string => env[name]?.trim() ?? ''
  return {
    problems,
    read(name, { fallback, expected, parse }) {
      const came = textOf(name)
      if (came === '') return fallback
      const value = parse(came)
      if (value === undefined) problems.push({ name, came, expected })
      return value ?? fallback
    },
    require(name, expected) {
      const text = textOf(name)
      if (text === '') problems.push({ name, came: text, expected })
      return text
    },
  }
}

/** One line a problem, for people. */
export function describeSettingProblem({ name, came, expected }: SettingProblem): string {
  return `${name} is "${came}": it must be ${expected}.`
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** A level of the log, in any case. */
export const levelRule: SettingRule<LogLevel> = {
  expected: `one of ${LEVELS.join(', ')}`,
  parse: (text) => LEVELS.find((level) => level === text.toLowerCase()),
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90s`, `15m`, `24h`, `2d` in milliseconds; nothing else, and not `0h`. */
export const durationRule: SettingRule<number> = {
  expected: 'a duration such as 90m, 24h or 2d',
  parse(text) {
    const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
    const value = Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN)
    return value > 0 ? value : undefined
  },
}

/** How long the news of a change waits for further changes, so that they come as one card: at most what SQS can delay. */
export const newsDelayRule: SettingRule<number> = {
  expected: 'a duration from 1s to 15m',
  parse(text) {
    const value = durationRule.parse(text)
    return value !== undefined && value <= 900_000 ? value : undefined
  },
}

/** How long a high ticket may wait until it is escalated, and between the steps. */
export const escalateAfterRule: SettingRule<number> = {
  expected: `${durationRule.expected}, or 0 for never`,
  parse: (text) => (text === '0' ? 0 : durationRule.parse(text)),
}

/** The address of a service, without slashes at its end. */
export const serviceAddressRule: SettingRule<string> = {
  expected: 'an address such as http://127.0.0.1:4567',
  parse: (text) => (/^https?:\/\/[^\s/]+(\/\S*)?$/i.test(text) ? text.replace(/\/+$/, '') : undefined),
}

/** The address by which others reach the server: without query and without slashes at its end. */
export function publicAddressRule({ allowHttp }: { readonly allowHttp: boolean }): SettingRule<string> {
  const form = allowHttp ? /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/i : /^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/i
  return {
    expected: `the ${allowHttp ? '' : 'https '}address by which Trello reaches the server, such as https://tickets.example.com`,
    parse: (text) => (form.test(text) ? text.replace(/\/+$/, '') : undefined),
  }
}

/** The name of the application's secret; by default `ticketing-app`. */
export const secretIdRule: SettingRule<string> & { readonly fallback: string } = {
  fallback: 'ticketing-app',
  expected: 'the name or ARN of a secret, without spaces',
  parse: (text) => (/^\S{1,2048}$/.test(text) ? text : undefined),
}
