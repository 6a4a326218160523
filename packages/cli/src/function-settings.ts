import { readDuration } from '@ticketing/lambdas'
import { createSettingReader } from '@ticketing/server'
import type { SettingProblem } from '@ticketing/server'

type Environment = Readonly<Record<string, string | undefined>>

/** Settings that the stack hands on to the functions; only those that somebody set. */
export function readFunctionSettings(env: Environment): {
  readonly settings: Readonly<Record<string, string>>
  readonly problems: readonly SettingProblem[]
} {
  const { read, problems } = createSettingReader(env)
  const settings = {
    TICKETING_GIVE_UP_AFTER: read('TICKETING_GIVE_UP_AFTER', {
      fallback: undefined,
      expected: 'a duration such as 90m, 24h or 2d',
      parse: (text) => (readDuration(text) === undefined ? undefined : text),
    }),
    TICKETING_TRELLO_URL: read('TICKETING_TRELLO_URL', {
      fallback: undefined,
      expected: 'an address such as http://127.0.0.1:4567',
      parse: (text) => (/^https?:\/\/[^\s/]+(\/\S*)?$/i.test(text) ? text.replace(/\/+$/, '') : undefined),
    }),
    TICKETING_LOG_LEVEL: read('TICKETING_LOG_LEVEL', {
      fallback: undefined,
      expected: 'one of debug, info, warn, error',
      parse: (text) => (/^(debug|info|warn|error)$/i.test(text) ? text.toLowerCase() : undefined),
    }),
  }
  const given = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { settings: Object.fromEntries(given), problems }
}
