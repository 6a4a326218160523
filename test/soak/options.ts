import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { CHOSEN_SEED } from '../support/seed.ts'

export interface SoakOptions {
  /** How long it sends and kills. */
  readonly seconds: number
  /** How long everything may take to come to rest afterwards. A note waits up to a quarter of an hour for its ticket. */
  readonly drainSeconds: number
  /** Messages a second. */
  readonly rate: number
  /** Things that people do to tickets a second. */
  readonly acts: number
  /** Seconds from one kill to the next, on average. */
  readonly killEvery: number
  /** Seconds from one vendor fault to the next, on average. */
  readonly faultEvery: number
  readonly seed: number
  readonly json: string | undefined
  /** Keeps the folder with the logs although all went well. */
  readonly keep: boolean
}

export const HELP = `pnpm soak     runs cloud, two servers and functions as processes of their own, sends tickets, works on them, kills at random, and counts
  --seconds N      how long it sends and kills (default 60)
  --drain N        how many seconds everything may take to come to rest afterwards (default 1500)
  --rate N         messages a second (default 6)
  --acts N         things a second that people do to tickets, in Teams, Trello and Slack (default 1.5)
  --kill-every N   seconds from one kill to the next, on average (default 3)
  --fault-every N  seconds from one fault of a vendor to the next, on average (default 6)
  --seed N         draws the same messages, kills and faults again (default: TICKETING_SEED, else a fresh one, printed)
  --json FILE      writes the figures there as well
  --keep           keeps the folder with all logs (it is kept anyway when something is wrong)
Exit code 1 when a ticket was lost, doubled without a mark, or anything else is not as promised.`

/** Reads the command line. Throws an Error that says what to write instead. */
export function readOptions(args: readonly string[]): SoakOptions | 'help' {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: text,
      drain: text,
      rate: text,
      acts: text,
      'kill-every': text,
      'fault-every': text,
      seed: text,
      json: text,
      keep: flag,
      help: flag,
    },
  })
  if (values.help) return 'help'
  return {
    seconds: readNumber('--seconds', values.seconds ?? '60', [1, 86_400]),
    drainSeconds: readNumber('--drain', values.drain ?? '1500', [1, 86_400]),
    rate: readNumber('--rate', values.rate ?? '6', [0.1, 1000]),
    acts: readNumber('--acts', values.acts ?? '1.5', [0.1, 1000]),
    killEvery: readNumber('--kill-every', values['kill-every'] ?? '3', [0.1, 86_400]),
    faultEvery: readNumber('--fault-every', values['fault-every'] ?? '6', [0.1, 86_400]),
    seed: readNumber('--seed', values.seed ?? String(CHOSEN_SEED ?? randomInt(2 ** 31)), [0, Number.MAX_SAFE_INTEGER]),
    json: values.json,
    keep: values.keep ?? false,
  }
}

function readNumber(flag: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new Error(`${flag}: expected a number from ${least} to ${most}, got "${text}"`)
}
